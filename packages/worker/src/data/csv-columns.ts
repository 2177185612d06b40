import { TrainerLoadError } from '../trainers/errors.ts';
import type { CsvTable } from './csv-table.ts';

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

/**
 * Reads one column and finds its type: numeric where all values are numbers.
 * @throws TrainerLoadError that names column and line: no such column, no value at all, a text among numbers
 */
export function readColumn(table: CsvTable, name: string): Column {
  const index = table.columns.indexOf(name);
  if (index < 0) {
    throw new TrainerLoadError(
      `The CSV file ${table.name} has no column "${name}". It has: ${table.columns.join(', ')}.`,
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
  const numbers = present.filter((text) => NUMBER.test(text)).length;
  if (numbers < NUMERIC_SHARE * present.length) return { kind: 'text', name, values: texts };
  const odd = texts.findIndex((text) => text !== null && !NUMBER.test(text));
  if (odd >= 0) {
    throw new TrainerLoadError(
      `${table.name}, line ${table.rows[odd]!.line}, column "${name}": "${texts[odd]}" is no number, while ${numbers} of its ${present.length} values are.`,
    );
  }
  return {
    kind: 'numeric',
    name,
    values: Float64Array.from(texts, (text) => (text === null ? Number.NaN : Number(text))),
  };
}

/**
 * What a column becomes as input of a network, one or more numbers for each row. All that is learnt from it (mean,
 * deviation, categories) comes from the rows in `training`.
 */
export function encodeFeature(column: Column, training: Iterable<number>, tableName: string): Float64Array[] {
  return column.kind === 'numeric'
    ? [standardise(column.values, training).values]
    : oneHot(column.name, column.values, training, tableName);
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

/** One column per category of the training rows, missing being one of its own; an unseen category is all zeros. */
function oneHot(
  name: string,
  values: ReadonlyArray<string | null>,
  training: Iterable<number>,
  tableName: string,
): Float64Array[] {
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
  return columns;
}
