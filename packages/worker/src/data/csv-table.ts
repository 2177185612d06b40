import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { TrainerLoadError } from '../trainers/errors.ts';

/** A CSV file with a header: texts as they stand there, trimmed. */
export interface CsvTable {
  /** As messages call it. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: ReadonlyArray<{ readonly line: number; readonly cells: readonly string[] }>;
}

/** @throws TrainerLoadError for a file that is missing, empty, or not rectangular, with the line */
export async function readCsv(path: string, name: string, delimiter: string): Promise<CsvTable> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new TrainerLoadError(
      `The CSV file ${name} can't be read: ${path} (${(cause as NodeJS.ErrnoException).code}).`,
      {
        cause,
      },
    );
  }
  let records: Array<{ record: string[]; info: { lines: number } }>;
  try {
    records = parse(text, { delimiter, bom: true, trim: true, info: true, skip_empty_lines: true }) as never;
  } catch (cause) {
    throw new TrainerLoadError(`The CSV file ${name} is malformed: ${(cause as Error).message}.`, { cause });
  }
  const [header, ...rows] = records;
  if (header === undefined || rows.length === 0) {
    throw new TrainerLoadError(`The CSV file ${name} needs a header line and at least two rows below it.`);
  }
  const twice = header.record.find((column, i) => header.record.indexOf(column) !== i);
  if (twice !== undefined)
    throw new TrainerLoadError(`The CSV file ${name} has two columns named "${twice}".`);
  return {
    name,
    columns: header.record,
    rows: rows.map(({ record, info }) => ({ line: info.lines, cells: record })),
  };
}
