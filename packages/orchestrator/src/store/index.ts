export { TfsweepError } from '../errors.ts';

import { Connection } from './connection.ts';
import { type OpenOptions, openDatabase } from './open-database.ts';
import { SqliteStore } from './sqlite-store.ts';
import type { Store } from './types.ts';

/**
 * The store of a `.tfsweep` folder: `<dir>/tfsweep.db`, beside it the WAL. Private to the user.
 * @throws StoreError where there is none (`create` makes one), where it is of a newer version, foreign, damaged or not
 * accessible. Nothing that is there is ever overwritten.
 */
export function openStore(dir: string, options: OpenOptions = {}): Store {
  return new SqliteStore(dir, new Connection(openDatabase(dir, options)));
}

export { LeaseHeldError, LeaseLostError, StoreError, type StoreErrorCode } from './errors.ts';
export { isOwnerAlive } from './lease.ts';
export type { OpenOptions } from './open-database.ts';
export { refusal, refusalIn, type SweepRequest } from './requests.ts';
export type * from './types.ts';
