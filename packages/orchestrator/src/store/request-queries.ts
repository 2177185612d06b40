import type { Connection } from './connection.ts';
import { decodeRequest } from './rows.ts';
import type { RequestRow } from './types.ts';

/** Those that wait for the sweep's loop, oldest first. */
export function selectPendingRequests(db: Connection, key: number, sweep: string): RequestRow[] {
  return db
    .sql('SELECT * FROM requests WHERE sweep = ? AND outcome IS NULL ORDER BY id')
    .all(key)
    .map((row) => decodeRequest({ ...row, sweep }));
}
