import { TrainerLoadError } from '../trainers/errors.ts';
import type { InputEncoding } from './prepared-data.ts';
import type { Table } from './table.ts';

/** Texts that stand for a missing value, in any case. */
const MISSING = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '?']);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** A column of which this share or more are numbers is numeric: what is not a number there is a mistake in the file. */
const NUMERIC_SHARE = 0.9;
/** One-hot columns beyond this are names or keys, from which nothing can be learnt. */
const MAX_CATEGORIES = 1_000;

export type Column =
  /** Missing: NaN. */
  | { readonly kind: 'numeric'; readonly name: string; readonly values: Float64Array }
  /** Missing: null. */
  | { readonly kind: 'text'; readonly name: string; readonly values: ReadonlyArray<string | null> };

export type ColumnType = 'numeric' | 'categorical' | 'date';

/**
 * Reads one column. Without a type it is numeric where all values are numbers, else categorical. A date counts in days
 * since 1970.
 * @throws TrainerLoadError that names column and line: no such column, no value at all, a value of another type
 */
export function readColumn(table: Table, name: string, type?: ColumnType): Column {
  const index = table.columns.indexOf(name);
  if (index < 0) {
    throw new TrainerLoadError(
      `The file ${table.name} has no column "${name}". It has: ${table.columns.join(', ')}.`,
    );
  }
  const texts = table.rows.map((row) => {
    const cell = row.cells[index]!;
    return MISSING.has(cell.toLowerCase()) ? null : cell;
  });
  const present = texts.filter((text) => text !== null);
  if (present.length === 0) {
    throw new TrainerLoadError(
      `${table.name}, column "${name}": it has no values. Leave it out: \`exclude: [${name}]\`.`,
    );
  }
  if (type === 'categorical') return { kind: 'text', name, values: texts };
  if (type === 'date') return numericColumn(table, name, texts, days, 'is no date such as 2026-11-25');
  const numbers = present.filter((text) => NUMBER.test(text)).length;
  if (type === undefined && numbers < NUMERIC_SHARE * present.length) {
    return { kind: 'text', name, values: texts };
  }
  const complaint =
    type === 'numeric'
      ? 'is no number'
      : `is no number, while ${numbers} of its ${present.length} values are`;
  return numericColumn(table, name, texts, (text) => (NUMBER.test(text) ? Number(text) : null), complaint);
}

function numericColumn(
  table: Table,
  name: string,
  texts: ReadonlyArray<string | null>,
  read: (text: string) => number | null,
  complaint: string,
): Column {
  const values = texts.map((text, row) => {
    if (text === null) return Number.NaN;
    const value = read(text);
    if (value !== null) return value;
    throw new TrainerLoadError(
      `${table.name}, line ${table.rows[row]!.line}, column "${name}": "${text}" ${complaint}.`,
    );
  });
  return { kind: 'numeric', name, values: Float64Array.from(values) };
}

const DATE = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const MS_PER_DAY = 86_400_000;

function days(text: string): number | null {
  const ms = DATE.test(text)
    ? Date.parse(/[Z]|[+-]\d{2}:?\d{2}$/.test(text.slice(10)) ? text : isoInUtc(text))
    : Number.NaN;
  return Number.isNaN(ms) ? null : ms / MS_PER_DAY;
}

/** A time without a zone would be taken for this machine's. */
function isoInUtc(text: string): string {
  return text.length === 10 ? text : `${text.replace(' ', 'T')}Z`;
}

/** What stands for a number that is missing. */
export type Imputation = 'mean' | 'median' | 'zero';

/** One input of a network, of all rows. */
export interface EncodedInput {
  readonly values: ArrayLike<number>;
  readonly encoding: InputEncoding;
}

/**
 * What a column becomes as inputs of a network, one or more. All that is learnt from it (mean,
 * deviation, median, categories) comes from the rows in `training`.
 * @param indicator adds, where numbers are missing, a column of 1 for those
 */
export function encodeFeature(
  column: Column,
  training: readonly number[],
  tableName: string,
  imputation: Imputation = 'mean',
  indicator = false,
): EncodedInput[] {
  const { name } = column;
  if (column.kind === 'text') return oneHot(name, column.values, training, tableName);
  const missing = column.values.map((value) => Number(Number.isNaN(value)));
  const filler = fillerOf(column.values, training, imputation);
  const filled = column.values.map((value) => (Number.isNaN(value) && filler !== null ? filler : value));
  const { values, mean, deviation } = standardise(filled, training);
  const encoded: EncodedInput[] = [
    { values, encoding: { column: name, kind: 'number', missing: filler ?? mean, mean, deviation } },
  ];
  if (indicator && missing.includes(1)) {
    encoded.push({ values: missing, encoding: { column: name, kind: 'missing' } });
  }
  return encoded;
}

/** null: the mean, which comes out of the standardisation by itself. */
function fillerOf(values: Float64Array, training: readonly number[], imputation: Imputation): number | null {
  if (imputation === 'mean') return null;
  if (imputation === 'zero') return 0;
  return median(training.map((row) => values[row]!).filter((value) => !Number.isNaN(value)));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Mean 0 and deviation 1 over the training rows; a missing value becomes the mean. */
export function standardise(
  values: Float64Array,
  training: Iterable<number>,
): { values: Float64Array; mean: number; deviation: number } {
  const present: number[] = [];
  for (const row of training) if (!Number.isNaN(values[row]!)) present.push(values[row]!);
  const mean = present.length === 0 ? 0 : present.reduce((sum, value) => sum + value, 0) / present.length;
  const variance = present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, present.length);
  // A constant column says nothing: all zeros.
  const deviation = variance > 0 ? Math.sqrt(variance) : 1;
  return {
    values: values.map((value) => (Number.isNaN(value) ? 0 : (value - mean) / deviation)),
    mean,
    deviation,
  };
}

/** One input per category of the training rows, missing being one of its own; an unseen category is all zeros. */
function oneHot(
  name: string,
  values: ReadonlyArray<string | null>,
  training: Iterable<number>,
  tableName: string,
): EncodedInput[] {
  const categories = new Map<string | null, number>();
  for (const row of training) {
    const value = values[row]!;
    if (!categories.has(value)) categories.set(value, categories.size);
  }
  if (categories.size > MAX_CATEGORIES) {
    throw new TrainerLoadError(
      `${tableName}, column "${name}": ${categories.size} different texts are too many to learn from. Leave it out: \`exclude: [${name}]\`.`,
    );
  }
  const columns = Array.from(categories, () => new Float64Array(values.length));
  values.forEach((value, row) => {
    const category = categories.get(value);
    if (category !== undefined) columns[category]![row] = 1;
  });
  return Array.from(categories, ([category, i]) => ({
    values: columns[i]!,
    encoding: { column: name, kind: 'category', category },
  }));
}
