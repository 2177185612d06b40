import { TrainerLoadError } from '../trainers/errors.ts';
import type { Table } from './table.ts';

/**
 * A JSON object per line. The columns are all keys, in the order in which they come up; a key that a line lacks, and null,
 * are missing values.
 * @throws TrainerLoadError for a line that is no object of plain values
 */
export function parseJsonLines(text: string, name: string): Pick<Table, 'columns' | 'rows'> {
  const columns = new Map<string, number>();
  const rows: Array<{ line: number; cells: string[] }> = [];
  text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .forEach((written, i) => {
      if (written.trim() === '') return;
      const cells: string[] = [];
      for (const [key, value] of Object.entries(parseLine(written, name, i + 1))) {
        if (!columns.has(key)) columns.set(key, columns.size);
        cells[columns.get(key)!] = cell(value, `${name}, line ${i + 1}, key "${key}"`);
      }
      rows.push({ line: i + 1, cells });
    });
  if (rows.length === 0) throw new TrainerLoadError(`The JSONL file ${name} is empty.`);
  return {
    columns: [...columns.keys()],
    rows: rows.map(({ line, cells }) => ({
      line,
      cells: Array.from({ length: columns.size }, (_, c) => cells[c] ?? ''),
    })),
  };
}

function parseLine(text: string, name: string, line: number): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new TrainerLoadError(`${name}, line ${line}: this is no JSON (${(cause as Error).message}).`, {
      cause,
    });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new TrainerLoadError(
    `${name}, line ${line}: a line holds an object such as {"age": 31, "city": "Ulm"}.`,
  );
}

function cell(value: unknown, place: string): string {
  if (value === null) return '';
  if (typeof value === 'object') {
    throw new TrainerLoadError(
      `${place}: a value is a number, a text, true, false or null, not a list or an object.`,
    );
  }
  return String(value).trim();
}
