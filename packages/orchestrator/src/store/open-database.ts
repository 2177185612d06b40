import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { explainStoreError, StoreError } from './errors.ts';
import { migrations } from './migrations/index.ts';

export interface OpenOptions {
  /** Make folder and database where there are none. Default: false. */
  readonly create?: boolean;
  /** Write nothing but, where the database is of an older version, its migration. Default: false. */
  readonly readonly?: boolean;
}

export const DATABASE_NAME = 'tfsweep.db';

/** `tfsw`: marks the file as ours, for us and for `file(1)`. */
const APPLICATION_ID = 0x74667377;

/** Others may be opening, migrating or recovering the same file: at start-up there is time to wait for them. */
const OPEN_BUSY_MS = 15_000;

/** While it runs: better-sqlite3 blocks the event loop, so longer waits are asynchronous (`Connection.write`). */
const BUSY_MS = 50;

/** The WAL shrinks back to this after a burst. */
const WAL_LIMIT_BYTES = 64 * 1024 * 1024;

export function openDatabase(dir: string, options: OpenOptions): Database.Database {
  const file = join(dir, DATABASE_NAME);
  try {
    if (options.create && !options.readonly) createFile(file);
    else if (!existsSync(file)) {
      throw new StoreError(
        'STORE_EMPTY',
        `No sweeps here yet (${file}): run \`tfsweep launch\`, or pass --dir.`,
        {
          exitCode: 2,
        },
      );
    }
    if (!options.readonly) return openFile(file, false);
    const reader = openFile(file, true);
    if (versionOf(reader) === migrations.length) return reader;
    reader.close();
    openFile(file, false).close();
    return openFile(file, true);
  } catch (error) {
    throw explainStoreError(error, file);
  }
}

/** SQLite gives the files beside the database the database's own mode, so it has to be private before SQLite opens it. */
function createFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (existsSync(file)) return;
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
}

function openFile(file: string, readonly: boolean): Database.Database {
  const db = new Database(file, { fileMustExist: true, readonly, timeout: OPEN_BUSY_MS });
  try {
    refuseForeign(db, file);
    if (!readonly) {
      useWal(db, file);
      db.pragma('synchronous = FULL');
      db.pragma('foreign_keys = ON');
      db.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`);
      migrate(db, file);
    }
    db.pragma(`busy_timeout = ${BUSY_MS}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function versionOf(db: Database.Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}

function refuseForeign(db: Database.Database, file: string): void {
  const version = versionOf(db);
  const mark = db.pragma('application_id', { simple: true });
  const isEmpty = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
  if (isEmpty ? version !== 0 : mark !== APPLICATION_ID) {
    throw new StoreError(
      'STORE_FOREIGN',
      `${file} is a database of another program; it was left as it is. Move it away, or pass another folder with --dir.`,
    );
  }
  if (version > migrations.length) {
    throw new StoreError(
      'STORE_NEWER',
      `${file} was written by a newer tfsweep (version ${version} of the database, this one knows ${migrations.length}). ` +
        'Upgrade tfsweep, or pass another folder with --dir.',
      { exitCode: 2 },
    );
  }
}

/** The change of mode needs the file alone, and SQLite does not call the busy handler for it. */
function useWal(db: Database.Database, file: string): void {
  const giveUpAt = Date.now() + OPEN_BUSY_MS;
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      const mode = db.pragma('journal_mode = WAL', { simple: true });
      if (mode === 'wal') return;
      throw new StoreError(
        'STORE_UNREACHABLE',
        `The disk that holds ${file} cannot share memory between processes, which SQLite needs. Pass a folder on a local disk with --dir.`,
      );
    } catch (error) {
      const isBusy = String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY');
      if (!isBusy || Date.now() > giveUpAt) throw error;
      Atomics.wait(sleeper, 0, 0, 20);
    }
  }
}

/** Each step in a transaction of its own; of two processes, the second finds the work of the first done. */
function migrate(db: Database.Database, file: string): void {
  for (const [index, step] of migrations.entries()) {
    if (versionOf(db) > index) continue;
    db.transaction(() => {
      refuseForeign(db, file);
      if (versionOf(db) > index) return;
      db.exec(step);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${index + 1}`);
    }).immediate();
  }
}
