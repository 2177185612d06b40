import { z } from 'zod';
import { declarativeTrainer, moduleTrainer, sweepFileSchema } from './file-schema.ts';

/** A node of JSON Schema, as far as it is looked into here. */
export interface SchemaNode {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

/** Draft 7 is what editors' YAML support knows best. `input`: what a person writes, defaults may be left out. */
const OPTIONS = { target: 'draft-7', io: 'input' } as const;

const REFERENCE: SchemaNode = {
  type: 'string',
  pattern: '^\\$[A-Za-z_][\\w.-]*$',
  description: 'A `$reference` to a parameter.',
};

/** The JSON Schema of a sweep file: what `tfsweep schema` prints and `tfsweep.schema.json` holds. */
export function sweepJsonSchema(): SchemaNode {
  const whole = z.toJSONSchema(sweepFileSchema, OPTIONS) as SchemaNode;
  const declarative = withReferences(z.toJSONSchema(declarativeTrainer, OPTIONS) as SchemaNode);
  const module = z.toJSONSchema(moduleTrainer, OPTIONS) as SchemaNode;
  const trainer = {
    description: whole.properties!.trainer!.description,
    anyOf: [plainRoot(declarative), plainRoot(module)],
  };
  return {
    ...whole,
    title: 'A tfsweep sweep file',
    properties: { ...whole.properties, trainer },
    required: ['trainer', 'parameters'],
    oneOf: [{ required: ['metric'] }, { required: ['metrics'] }],
  } as SchemaNode;
}

function plainRoot(node: SchemaNode): SchemaNode {
  const { $schema: _dialect, ...rest } = node as SchemaNode & { readonly $schema?: string };
  return rest;
}

/** In a declarative trainer a reference may stand for any value but the maps. */
function withReferences(node: SchemaNode): SchemaNode {
  const members = node.anyOf ?? node.oneOf;
  if (members !== undefined) return { ...omitUnion(node), anyOf: members.map(withReferences) };
  if (node.properties !== undefined) {
    const properties = Object.entries(node.properties).map(([key, child]) => [key, withReferences(child)]);
    return { ...node, properties: Object.fromEntries(properties) as Record<string, SchemaNode> };
  }
  const { description, default: fallback, ...rest } = node;
  const inner = {
    ...rest,
    ...(node.items === undefined ? {} : { items: withReferences(node.items) }),
    ...(typeof node.additionalProperties === 'object'
      ? { additionalProperties: withReferences(node.additionalProperties) }
      : {}),
  };
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [inner, REFERENCE],
  };
}

function omitUnion(node: SchemaNode): SchemaNode {
  const { anyOf: _any, oneOf: _one, ...rest } = node;
  return rest;
}

/** Text of `tfsweep.schema.json`. */
export function sweepJsonSchemaText(): string {
  return `${JSON.stringify(sweepJsonSchema(), null, 2)}\n`;
}
