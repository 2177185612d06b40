import type { Split } from './splits.ts';
import type { Table } from './table.ts';

/** Validation rows of which the training part holds a copy. */
export interface Leaks {
  /** How many. */
  readonly count: number;
  /** Lines of the first such pair in the file; null: there is none. */
  readonly example: { readonly validation: number; readonly training: number } | null;
  /** Training rows that are such copies. */
  readonly copies: ReadonlySet<number>;
}

/** @param columns those that are learnt from, and the target: rows that are equal in all of them are copies */
export function findLeaks(table: Table, columns: readonly string[], split: Split): Leaks {
  const places = columns.map((name) => table.columns.indexOf(name));
  const keyOf = (row: number): string =>
    JSON.stringify(places.map((place) => table.rows[row]!.cells[place]!));
  const trainingRows = new Map<string, number[]>();
  for (const row of split.training) {
    const key = keyOf(row);
    const alike = trainingRows.get(key);
    if (alike === undefined) trainingRows.set(key, [row]);
    else alike.push(row);
  }
  const copies = new Set<number>();
  let count = 0;
  let example: Leaks['example'] = null;
  for (const row of split.validation) {
    const alike = trainingRows.get(keyOf(row));
    if (alike === undefined) continue;
    count += 1;
    example ??= { validation: table.rows[row]!.line, training: table.rows[alike[0]!]!.line };
    for (const copy of alike) copies.add(copy);
  }
  return { count, example, copies };
}
