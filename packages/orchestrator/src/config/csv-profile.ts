import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { parseCsvLine } from './csv-header.ts';

/** Enough rows to tell numbers from texts; the rest of a large file is not read. */
const SAMPLE_BYTES = 1_048_576;
const DELIMITERS = [',', ';', '\t', '|'];

export interface Column {
  readonly name: string;
  /** Every cell that is not empty is a number. */
  readonly isNumeric: boolean;
  /** All numbers are whole. */
  readonly isWhole: boolean;
  /** Different values among the rows that were read. */
  readonly distinct: number;
}

export interface CsvProfile {
  readonly columns: readonly Column[];
  readonly delimiter: string;
  /** Rows that were read. */
  readonly rows: number;
  /** The whole file was read. */
  readonly isComplete: boolean;
}

/**
 * What the columns of a CSV file look like, from its first MiB.
 * @throws Error when there are no rows below the header, or Node's own error when it can't be read.
 */
export function profileCsv(path: string): CsvProfile {
  const { text, isComplete } = readStart(path);
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (!isComplete) lines.pop();
  const [header, ...body] = lines;
  if (header === undefined || body.length === 0) throw new Error('it has no rows below its header');
  const delimiter = DELIMITERS.toSorted((a, b) => header.split(b).length - header.split(a).length)[0]!;
  const rows = body.map((line) => parseCsvLine(line, delimiter));
  const names = parseCsvLine(header, delimiter);
  if (names.length < 2)
    throw new Error('it has a single column; a target and at least one feature are needed');
  const columns = names.map((name, i) =>
    profileColumn(
      name,
      rows.map((row) => row[i] ?? ''),
    ),
  );
  return { columns, delimiter, rows: rows.length, isComplete };
}

function profileColumn(name: string, cells: readonly string[]): Column {
  const filled = cells.filter((cell) => cell !== '');
  const numbers = filled.map(Number);
  const isNumeric = filled.length > 0 && numbers.every((value) => Number.isFinite(value));
  return {
    name,
    isNumeric,
    isWhole: isNumeric && numbers.every(Number.isInteger),
    distinct: new Set(filled).size,
  };
}

function readStart(path: string): { text: string; isComplete: boolean } {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(SAMPLE_BYTES);
    const length = readSync(file, buffer);
    const text = new TextDecoder('utf-8').decode(buffer.subarray(0, length));
    return { text, isComplete: fstatSync(file).size <= length };
  } finally {
    closeSync(file);
  }
}
