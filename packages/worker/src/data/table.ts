import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { TrainerLoadError } from '../trainers/errors.ts';
import { parseCsv } from './csv-table.ts';
import { parseJsonLines } from './jsonl-table.ts';

/** Rows with named columns: texts as they stand in the file, trimmed; '' where there is nothing. */
export interface Table {
  /** As messages call it. */
  readonly name: string;
  /** SHA-256 of the file, in hex: the same data, whatever their name. */
  readonly sha256: string;
  readonly columns: readonly string[];
  readonly rows: ReadonlyArray<{ readonly line: number; readonly cells: readonly string[] }>;
}

export type TableFormat = { readonly type: 'csv'; readonly delimiter: string } | { readonly type: 'jsonl' };

/** @throws TrainerLoadError for a file that is missing, empty, or not rectangular, with the line */
export async function readTable(path: string, name: string, format: TableFormat): Promise<Table> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new TrainerLoadError(
      `The ${format.type.toUpperCase()} file ${name} can't be read: ${path} (${code}).`,
      {
        cause,
      },
    );
  }
  const sha256 = createHash('sha256').update(text).digest('hex');
  const parsed = format.type === 'csv' ? parseCsv(text, name, format.delimiter) : parseJsonLines(text, name);
  return { name, sha256, ...parsed };
}
