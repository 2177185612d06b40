import { z } from 'zod';
import type { IssueList, Path } from './config-error.ts';
import { foreignKey } from './foreign-keys.ts';
import { didYouMean, nearest } from './nearest.ts';
import { child, descend, describeValue, placeOf, placeOfKey, type Tree, toPlain } from './source-tree.ts';

export type SchemaIssue = z.core.$ZodIssue;

/** Checks a part of the tree against a schema. @returns what the schema made of it, or null after adding issues. */
export function checkShape<T extends z.ZodType>(
  schema: T,
  tree: Tree,
  path: Path,
  issues: IssueList,
): z.output<T> | null {
  const part = descend(tree, path);
  const result = schema.safeParse(part === undefined ? undefined : toPlain(part));
  if (result.success) return result.data;
  for (const issue of leafIssues(result.error.issues)) reportIssue(issue, schema, tree, path, issues);
  return null;
}

export function reportIssue(
  issue: SchemaIssue,
  root: z.ZodType,
  tree: Tree,
  base: Path,
  issues: IssueList,
): void {
  const inner = keysIn(issue.path);
  const path = [...base, ...inner];
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      const known = knownKeys(schemaAt(root, inner, descend(tree, base)));
      const message = foreignKey(path, key) ?? unknownKey(key, known);
      issues.add(placeOfKey(tree, [...path, key]), [...path, key], message);
    }
    return;
  }
  if (issue.code === 'invalid_key') {
    const name = String(inner.at(-1));
    const expected = issue.issues.map((nested) => expectation(nested)).join(', ');
    issues.add(placeOfKey(tree, path), path, `expected ${expected}, got \`${name}\``);
    return;
  }
  const part = descend(tree, path);
  const missing =
    part === undefined && child(descend(tree, path.slice(0, -1)), path.at(-1) ?? '') === undefined;
  if (missing && path.length > 0) {
    const parent = path.slice(0, -1);
    const parentTree = descend(tree, parent);
    const keyHint =
      parentTree?.kind === 'map' ? `required key \`${path.at(-1)}\` is missing` : 'a value is missing';
    const place = parent.length === 0 ? placeOf(tree, parent) : placeOfKey(tree, parent);
    issues.add(place, parent, `${keyHint}: expected ${expectation(issue)}`);
    return;
  }
  const value = part === undefined ? undefined : toPlain(part);
  issues.add(placeOf(tree, path), path, `${describeMismatch(issue, value)}${notYet(path, value)}`);
}

/** `expected a whole number, got "a"`, and the nearest of a list of words. */
export function describeMismatch(issue: SchemaIssue, value: unknown): string {
  const expected = expectation(issue);
  if (value === null || value === '') return `is empty: expected ${expected}`;
  const words = allowedWords(issue);
  const hint = typeof value === 'string' ? didYouMean(value, words) : '';
  return `expected ${expected}, got ${describeValue(value)}${hint}`;
}

/** Choices that stand in the design and not yet in the code. */
const LATER: ReadonlyArray<{
  readonly path: RegExp;
  readonly values: readonly string[];
  readonly use: string;
}> = [
  {
    path: /^early_terminate\.type$/,
    values: ['pbt'],
    use: 'use `asha`, `hyperband` or `median`',
  },
];

function notYet(path: Path, value: unknown): string {
  const name = path.join('.');
  const entry = LATER.find((later) => later.path.test(name) && later.values.includes(String(value)));
  return entry === undefined ? '' : `; \`${String(value)}\` is not in this version, ${entry.use}`;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  boolean: '`true` or `false`',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

export function expectation(issue: SchemaIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      // A message of the schema's own says more than the type.
      return issue.message.startsWith('Invalid input')
        ? (TYPE_NAMES[issue.expected] ?? issue.expected)
        : issue.message;
    case 'invalid_value':
      return oneOf(issue.values.map(String));
    case 'too_small':
      return limit(issue.origin, 'at least', 'more than', Number(issue.minimum), issue.inclusive !== false);
    case 'too_big':
      return limit(issue.origin, 'at most', 'less than', Number(issue.maximum), issue.inclusive !== false);
    case 'invalid_format':
      return issue.message;
    case 'invalid_union': {
      const options = discriminatorOptions(issue);
      if (options !== null) return oneOf(options);
      return [...new Set(issue.errors.flat().map((nested) => expectation(nested)))].join(' or ');
    }
    default:
      return issue.message;
  }
}

function oneOf(words: readonly string[]): string {
  const quoted = words.map((word) => `\`${word}\``);
  return quoted.length === 1 ? quoted[0]! : `one of ${quoted.join(', ')}`;
}

function limit(origin: string, least: string, strict: string, bound: number, inclusive: boolean): string {
  const side = inclusive ? least : strict;
  if (origin === 'array') return `a list of ${side} ${bound} item${bound === 1 ? '' : 's'}`;
  if (origin === 'string') return `a text of ${side} ${bound} character${bound === 1 ? '' : 's'}`;
  return `a number that is ${side} ${bound}`;
}

function allowedWords(issue: SchemaIssue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union') return [];
  const options = discriminatorOptions(issue);
  if (options !== null) return options;
  return issue.errors.flat().flatMap((nested) => allowedWords(nested));
}

/** zod names the words of a discriminated union in the issue, though not in its type. */
function discriminatorOptions(issue: object): string[] | null {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : null;
}

/** The issues with those of unions of maps put in, each with its path from the top. */
export function leafIssues(all: readonly SchemaIssue[]): SchemaIssue[] {
  return all.flatMap((issue) => {
    const branch = unionBranch(issue);
    if (branch === null) return [issue];
    return leafIssues(branch.map((one) => ({ ...one, path: [...issue.path, ...one.path] })));
  });
}

/** Of a union of maps, the issues of the member that was meant: the one that knows most of the keys. */
function unionBranch(issue: SchemaIssue): readonly SchemaIssue[] | null {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return null;
  const cost = (branch: readonly SchemaIssue[]): number =>
    branch.reduce((sum, one) => sum + (one.code === 'unrecognized_keys' ? 100 * one.keys.length : 1), 0);
  const best = issue.errors.toSorted((a, b) => cost(a) - cost(b))[0]!;
  return best.some((one) => one.path.length === 0 && one.code !== 'unrecognized_keys') ? null : best;
}

export function keysIn(path: readonly PropertyKey[]): (string | number)[] {
  return path.map((key) => (typeof key === 'symbol' ? String(key) : key));
}

export function unknownKey(key: string, known: readonly string[]): string {
  if (nearest(key, known) !== null) return `unknown key \`${key}\`${didYouMean(key, known)}`;
  const list = known.length === 0 ? '' : `; known here: ${known.join(', ')}`;
  return `unknown key \`${key}\`${list}`;
}

/** The keys that a map of this schema may have. */
export function knownKeys(schema: z.ZodType | null): string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  if (schema instanceof z.ZodUnion) {
    return [...new Set(schema.options.flatMap((option) => knownKeys(option as z.ZodType)))];
  }
  return [];
}

/** The schema of what stands at a path; a union is narrowed by the value's literal keys, such as `type`. */
export function schemaAt(root: z.ZodType, path: Path, tree: Tree | undefined): z.ZodType | null {
  let schema: z.ZodType | null = narrow(unwrap(root), tree);
  let part = tree;
  for (const key of path) {
    part = child(part, key);
    if (schema instanceof z.ZodObject) schema = (schema.shape[key] as z.ZodType | undefined) ?? null;
    else if (schema instanceof z.ZodArray) schema = schema.element as z.ZodType;
    else if (schema instanceof z.ZodRecord) schema = schema.valueType as z.ZodType;
    else return null;
    if (schema === null) return null;
    schema = narrow(unwrap(schema), part);
  }
  return schema;
}

function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
}

function narrow(schema: z.ZodType, tree: Tree | undefined): z.ZodType {
  if (!(schema instanceof z.ZodUnion) || tree?.kind !== 'map') return schema;
  const overlap = (option: z.ZodType): number => {
    if (!(option instanceof z.ZodObject)) return -1;
    let shared = 0;
    for (const [key, entry] of tree.entries) {
      const member = option.shape[key] as z.ZodType | undefined;
      if (member === undefined) continue;
      const isLiteral = unwrap(member) instanceof z.ZodLiteral;
      shared += isLiteral ? (member.safeParse(toPlain(entry.value)).success ? 100 : -100) : 1;
    }
    return shared;
  };
  return (schema.options as z.ZodType[]).toSorted((a, b) => overlap(b) - overlap(a))[0]!;
}
