import { z } from 'zod';
import { ProblemError } from './problem-error.ts';

/**
 * The problem format hpo-ref/1 (`benchmarks/reference/README.md`): a search space and an objective that is either an
 * expression or a table of learning curves. An objective is always minimised.
 */
export type ProblemFile = z.infer<typeof problemFile>;
export type SpaceEntry = ProblemFile['space'][number];
export type ForestTable = Extract<ProblemFile['objective'], { kind: 'forest-table' }>;

/** A number, the name of a parameter or of an earlier `let`, or `[operation, ...arguments]`. */
export type Expression = number | string | readonly [string, ...unknown[]];

const expression: z.ZodType<Expression> = z.union([
  z.number(),
  z.string(),
  z.tuple([z.string()], z.unknown()),
]);

const when = z
  .union([
    z.strictObject({ param: z.string(), in: z.array(z.union([z.string(), z.number()])).min(1) }),
    z.strictObject({ param: z.string(), ge: z.number() }),
  ])
  .optional();

const entry = z.discriminatedUnion('type', [
  z.strictObject({
    name: z.string(),
    type: z.literal('float'),
    low: z.number(),
    high: z.number(),
    log: z.boolean().default(false),
    step: z.number().positive().optional(),
    when,
  }),
  z.strictObject({
    name: z.string(),
    type: z.literal('int'),
    low: z.int(),
    high: z.int(),
    log: z.boolean().default(false),
    step: z.int().positive().default(1),
    when,
  }),
  z.strictObject({
    name: z.string(),
    type: z.literal('categorical'),
    choices: z.array(z.string()).min(1),
    when,
  }),
  z.strictObject({ name: z.string(), type: z.literal('ordinal'), choices: z.array(z.number()).min(1), when }),
]);

const point = z.record(z.string(), z.union([z.string(), z.number()]));

const tree = z.object({
  /** Per node: the feature that it compares, -1 for a leaf. */
  feature: z.array(z.int()),
  threshold: z.array(z.number()),
  left: z.array(z.int()),
  right: z.array(z.int()),
  /** Per node: at a leaf the rows of the table that fell into it, elsewhere 0. */
  rows: z.array(z.union([z.literal(0), z.array(z.int())])),
});

const objective = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('expr'),
    let: z.array(z.tuple([z.string(), expression])),
    value: expression,
  }),
  z.object({
    kind: z.literal('forest-table'),
    steps: z.array(z.int().positive()).min(1),
    step_unit: z.string(),
    features: z
      .array(
        z.object({
          param: z.string(),
          transform: z.enum(['log10', 'linear', 'onehot']),
          choice: z.string().optional(),
        }),
      )
      .min(1),
    table: z.array(z.array(z.number())).min(1),
    trees: z.array(tree).min(1),
  }),
]);

const problemFile = z.object({
  format: z.literal('hpo-ref/1'),
  name: z.string(),
  direction: z.literal('minimize'),
  note: z.string().optional(),
  space: z.array(entry).min(1),
  objective,
  optimum: z.object({ value: z.number(), status: z.string(), params: point.nullable() }),
  vectors: z
    .array(z.object({ params: point, value: z.number(), curve: z.array(z.number()).optional() }))
    .default([]),
  /** Configurations that were really trained, and how many seconds each took for all steps. */
  table_params: z.array(point).optional(),
  table_seconds: z.array(z.number().positive()).optional(),
});

/** @throws ProblemError naming the place where the text leaves the format. */
export function parseProblemFile(text: string, source: string): ProblemFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ProblemError(
      `${source} is no JSON (${error instanceof Error ? error.message : String(error)}). A problem is a file of the format hpo-ref/1: see docs/simulate.md.`,
    );
  }
  const parsed = problemFile.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new ProblemError(
    `${source} is no problem of the format hpo-ref/1: ${issue.path.join('.') || 'the file'}: ${issue.message}. See docs/simulate.md.`,
  );
}
