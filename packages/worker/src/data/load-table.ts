import type { Tf } from '../backends/tf.ts';
import { TrainerLoadError } from '../trainers/errors.ts';
import { type ColumnType, encodeFeature, type Imputation, readColumn } from './columns.ts';
import { findLeaks } from './leak-check.ts';
import type { Part, PreparedData, Task } from './prepared-data.ts';
import { groupSplit, randomSplit, type Split, stratifiedSplit, timeSplit } from './splits.ts';
import { readTable, type Table, type TableFormat } from './table.ts';
import { encodeTarget } from './target.ts';

export interface TableRequest {
  /** Absolute path. */
  readonly path: string;
  /** As the sweep file calls it. */
  readonly name: string;
  readonly format: TableFormat;
  readonly target: string;
  readonly features?: readonly string[] | undefined;
  readonly exclude: readonly string[];
  /** Types of columns that shall not be guessed. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly missing: Imputation | 'drop' | 'error';
  readonly missing_indicator: boolean;
  /** The column of weights, if any. */
  readonly sample_weight?: string | undefined;
  /** Share of the rows, between 0 and 1. */
  readonly validation: number;
  readonly split: {
    readonly type: 'random' | 'stratified' | 'group' | 'time';
    readonly column?: string | undefined;
    readonly seed: number;
  };
  readonly leaks: 'warn' | 'drop' | 'error';
  readonly task?: Task | undefined;
}

/** @throws TrainerLoadError that names file, line and column */
export async function loadTable(tf: Tf, request: TableRequest): Promise<PreparedData> {
  const whole = await readTable(request.path, request.name, request.format);
  checkNames(request, whole);
  const features = featureNames(request, whole.columns);
  const table = handleMissing(whole, features, request);
  if (table.rows.length < 2) {
    throw new TrainerLoadError(
      `The file ${table.name} has ${table.rows.length} usable rows; at least two are needed.`,
    );
  }
  const { split, notes } = withoutLeaks(table, features, request, splitRows(table, request));
  return prepare(tf, table, features, request, split, notes);
}

function prepare(
  tf: Tf,
  table: Table,
  features: readonly string[],
  request: TableRequest,
  { training, validation }: Split,
  notes: readonly string[],
): PreparedData {
  const column = (name: string) => readColumn(table, name, request.columns[name]);
  const target = encodeTarget(table, column(request.target), request.task, training);
  const imputation = request.missing === 'drop' || request.missing === 'error' ? 'mean' : request.missing;
  const encoded = features.flatMap((name) =>
    encodeFeature(column(name), training, table.name, imputation, request.missing_indicator),
  );
  const inputs = encoded.map(({ values }) => values);
  const weights = request.sample_weight === undefined ? null : readWeights(table, request.sample_weight);
  const part = (rows: readonly number[]): Part => ({
    xs: tf.tensor2d(interleave(inputs, rows), [rows.length, inputs.length]),
    ys: tf.tensor2d(pickRows(target.values, target.outputs, rows), [rows.length, target.outputs]),
  });
  return {
    task: target.task,
    inputShape: [inputs.length],
    outputs: target.outputs,
    classNames: target.classNames,
    targetScale: target.scale,
    targetMean: target.mean,
    sampleWeights: weights === null ? null : tf.tensor1d(training.map((row) => weights[row]!)),
    source: {
      name: table.name,
      sha256: table.sha256,
      rows: { training: training.length, validation: validation.length },
      features,
      inputs: encoded.map(({ encoding }) => encoding),
      target:
        target.task === 'regression'
          ? { mean: target.mean, deviation: target.scale }
          : { classes: target.classNames },
      notes,
    },
    train: part(training),
    validation: part(validation),
  };
}

function splitRows(table: Table, request: TableRequest): Split {
  const { split, validation } = request;
  const size = { validation, seed: split.seed };
  const keys = (name: string): Array<string | number> => {
    const column = readColumn(table, name, request.columns[name]);
    const values = [...column.values] as Array<string | number | null>;
    const missing = values.findIndex((value) => value === null || Number.isNaN(value));
    if (missing < 0) return values as Array<string | number>;
    throw new TrainerLoadError(
      `${table.name}, line ${table.rows[missing]!.line}, column "${name}": the rows are split by it, and here it is missing.`,
    );
  };
  switch (split.type) {
    case 'random':
      return randomSplit(table.rows.length, size);
    case 'stratified':
      return stratifiedSplit(keys(request.target), size);
    case 'group':
      return groupSplit(keys(split.column!), size);
    case 'time':
      return timeSplit(keys(split.column!), size);
  }
}

/** Rows that lack a value, by what the request says of them. A target is never made up. */
function handleMissing(table: Table, features: readonly string[], { missing, columns }: TableRequest): Table {
  if (missing !== 'drop' && missing !== 'error') return table;
  const lacking = new Map<number, string>();
  for (const name of features) {
    readColumn(table, name, columns[name]).values.forEach((value, row) => {
      if ((value === null || Number.isNaN(value)) && !lacking.has(row)) lacking.set(row, name);
    });
  }
  const [first] = lacking;
  if (first === undefined) return table;
  if (missing === 'drop') return { ...table, rows: table.rows.filter((_, row) => !lacking.has(row)) };
  throw new TrainerLoadError(
    `${table.name}, line ${table.rows[first[0]]!.line}, column "${first[1]}": a value is missing, and \`missing: error\` allows none.`,
  );
}

/** Copies of validation rows in the training part make a model look better than it is. */
function withoutLeaks(
  table: Table,
  features: readonly string[],
  { leaks: policy, target }: TableRequest,
  split: Split,
): { readonly split: Split; readonly notes: readonly string[] } {
  const leaks = findLeaks(table, [...features, target], split);
  if (leaks.example === null) return { split, notes: [] };
  const { validation, training } = leaks.example;
  const found = `${leaks.count} of ${split.validation.length} validation rows of ${table.name} have a copy in the training part (line ${validation} and line ${training} are one)`;
  switch (policy) {
    case 'warn':
      return {
        split,
        notes: [
          `${found}. Write \`leaks: drop\` to train without the copies, or \`split: {type: group, …}\`.`,
        ],
      };
    case 'drop': {
      const rest = split.training.filter((row) => !leaks.copies.has(row));
      if (rest.length > 0) {
        return {
          split: { ...split, training: rest },
          notes: [`${found}; ${leaks.copies.size} are left out.`],
        };
      }
      throw new TrainerLoadError(`${found}, and without them nothing is left to train on.`);
    }
    case 'error':
      throw new TrainerLoadError(`${found}, and \`leaks: error\` allows none.`);
  }
}

/** @throws TrainerLoadError for a weight that is missing, negative or no number, with its line */
function readWeights(table: Table, name: string): Float64Array {
  const column = readColumn(table, name);
  const place = (row: number): string => `${table.name}, line ${table.rows[row]!.line}, column "${name}"`;
  if (column.kind === 'text') {
    throw new TrainerLoadError(`${place(0)}: a weight is a number from 0 on, not "${column.values[0]}".`);
  }
  const odd = column.values.findIndex((weight) => !(weight >= 0));
  if (odd < 0) return column.values;
  const seen = Number.isNaN(column.values[odd]!) ? 'it is missing' : `it is ${column.values[odd]}`;
  throw new TrainerLoadError(`${place(odd)}: a weight is a number from 0 on; ${seen}.`);
}

function checkNames(request: TableRequest, { name, columns }: Table): void {
  for (const [key, names] of [
    ['exclude', request.exclude],
    ['columns', Object.keys(request.columns)],
    ['split', request.split.column === undefined ? [] : [request.split.column]],
  ] as const) {
    const unknown = names.find((one) => !columns.includes(one));
    if (unknown === undefined) continue;
    throw new TrainerLoadError(
      `${key} names "${unknown}", which is no column of ${name}. It has: ${columns.join(', ')}.`,
    );
  }
}

/** Of what rows are grouped or ordered by, a network should learn nothing. */
function featureNames(request: TableRequest, columns: readonly string[]): readonly string[] {
  const others = [request.target, request.sample_weight, request.split.column, ...request.exclude];
  const names = (request.features ?? columns).filter((name) => !others.includes(name));
  if (names.length === 0) throw new TrainerLoadError(`No columns of ${request.name} are left to learn from.`);
  return names;
}

function interleave(columns: ReadonlyArray<ArrayLike<number>>, rows: readonly number[]): Float32Array {
  const values = new Float32Array(rows.length * columns.length);
  let at = 0;
  for (const row of rows) for (const column of columns) values[at++] = column[row]!;
  return values;
}

function pickRows(values: Float32Array, width: number, rows: readonly number[]): Float32Array {
  const picked = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    picked.set(values.subarray(row * width, (row + 1) * width), i * width);
  });
  return picked;
}
