import type { Tf } from '../backends/tf.ts';
import { TrainerLoadError } from '../trainers/errors.ts';
import { encodeFeature, readColumn } from './csv-columns.ts';
import { type CsvTable, readCsv } from './csv-table.ts';
import { encodeTarget } from './csv-target.ts';
import type { Part, PreparedData, Task } from './prepared-data.ts';
import { seededRandom } from './seeded-random.ts';

export interface CsvRequest {
  /** Absolute path. */
  readonly path: string;
  /** As the sweep file calls it. */
  readonly name: string;
  readonly target: string;
  readonly features?: readonly string[] | undefined;
  readonly exclude: readonly string[];
  /** The column of weights, if any. */
  readonly sample_weight?: string | undefined;
  /** Share of the rows, between 0 and 1. */
  readonly validation: number;
  readonly delimiter: string;
  readonly task?: Task | undefined;
}

/** Which rows validate is the same for every trial of every sweep over this file. */
const SPLIT_SEED = 0;

/** @throws TrainerLoadError that names file, line and column */
export async function loadCsv(tf: Tf, request: CsvRequest): Promise<PreparedData> {
  const table = await readCsv(request.path, request.name, request.delimiter);
  const order = shuffledRows(table.rows.length);
  const held = Math.min(order.length - 1, Math.max(1, Math.round(order.length * request.validation)));
  if (order.length < 2)
    throw new TrainerLoadError(`The CSV file ${table.name} has one row; at least two are needed.`);
  const validationRows = order.slice(0, held);
  const trainingRows = order.slice(held);

  const target = encodeTarget(table, readColumn(table, request.target), request.task, trainingRows);
  const names = featureNames(request, table.columns);
  const inputs = names.flatMap((name) => encodeFeature(readColumn(table, name), trainingRows, table.name));
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
    sampleWeights: weights === null ? null : tf.tensor1d(trainingRows.map((row) => weights[row]!)),
    train: part(trainingRows),
    validation: part(validationRows),
  };
}

/** @throws TrainerLoadError for a weight that is missing, negative or no number, with its line */
function readWeights(table: CsvTable, name: string): Float64Array {
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

function featureNames(request: CsvRequest, columns: readonly string[]): readonly string[] {
  const unknown = request.exclude.find((name) => !columns.includes(name));
  if (unknown !== undefined) {
    throw new TrainerLoadError(
      `exclude names "${unknown}", which is no column of ${request.name}. It has: ${columns.join(', ')}.`,
    );
  }
  const names = (request.features ?? columns).filter(
    (name) => name !== request.target && name !== request.sample_weight && !request.exclude.includes(name),
  );
  if (names.length === 0) throw new TrainerLoadError(`No columns of ${request.name} are left to learn from.`);
  return names;
}

function shuffledRows(count: number): number[] {
  const random = seededRandom(SPLIT_SEED);
  const rows = Array.from({ length: count }, (_, row) => row);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [rows[i], rows[j]] = [rows[j]!, rows[i]!];
  }
  return rows;
}

function interleave(columns: readonly Float64Array[], rows: readonly number[]): Float32Array {
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
