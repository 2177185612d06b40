import { parse } from 'csv-parse/sync';
import { TrainerLoadError } from '../trainers/errors.ts';
import type { Table } from './table.ts';

/** @throws TrainerLoadError for a text that is empty or not rectangular, with the line */
export function parseCsv(text: string, name: string, delimiter: string): Pick<Table, 'columns' | 'rows'> {
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
    columns: header.record,
    rows: rows.map(({ record, info }) => ({ line: info.lines, cells: record })),
  };
}
