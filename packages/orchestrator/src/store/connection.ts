import { setTimeout as sleep } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import { explainStoreError, StoreError } from './errors.ts';

type Value = string | number | null;
export type Row = Record<string, Value>;
export type Statement = Database.Statement<Value[], Row>;

const BUSY_LIMIT_MS = 60_000;
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 200;
/** A read only meets a lock while another process recovers the WAL after a crash: a matter of moments. */
const READ_TRIES = 40;

/** The one connection of a store: cached statements, errors in words, and writes that wait without blocking the loop. */
export class Connection {
  readonly #db: Database.Database;
  readonly #file: string;
  readonly #statements = new Map<string, Statement>();
  readonly #busyLimitMs: number;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(db: Database.Database, options: { busyLimitMs?: number } = {}) {
    this.#db = db;
    this.#file = db.name;
    this.#busyLimitMs = options.busyLimitMs ?? BUSY_LIMIT_MS;
  }

  /** Prepared once per text. */
  sql(text: string): Statement {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#db.prepare<Value[], Row>(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  read<T>(work: () => T): T {
    this.#refuseClosed();
    for (let tries = 1; ; tries++) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || this.#db.inTransaction || tries === READ_TRIES) {
          throw explainStoreError(error, this.#file);
        }
      }
    }
  }

  /**
   * One `BEGIN IMMEDIATE` transaction. Calls are carried out in the order in which they were made. While another
   * process holds the write lock it waits asynchronously, up to a minute; `work` itself never runs twice.
   */
  write<T>(work: () => T): Promise<T> {
    const written = this.#lastWrite.then(() => this.#write(work));
    this.#lastWrite = written.catch(() => {});
    return written;
  }

  close(): void {
    if (!this.#db.open) return;
    this.#statements.clear();
    this.#db.close();
  }

  async #write<T>(work: () => T): Promise<T> {
    const giveUpAt = performance.now() + this.#busyLimitMs;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      this.#refuseClosed();
      if (this.#begin()) return this.#commit(work);
      if (performance.now() > giveUpAt) {
        throw new StoreError(
          'STORE_BUSY',
          `${this.#file} has been locked by another process for ${Math.round(this.#busyLimitMs / 1000)} s. ` +
            'Look for one that is stopped or hangs (`fuser` names it), end it, then try again.',
        );
      }
      // Of several that wait, not all should come back at once.
      await sleep(pause * (0.5 + Math.random() / 2));
    }
  }

  #begin(): boolean {
    try {
      this.sql('BEGIN IMMEDIATE').run();
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw explainStoreError(error, this.#file);
    }
  }

  #commit<T>(work: () => T): T {
    try {
      const result = work();
      if (typeof (result as { then?: unknown } | null | undefined)?.then === 'function') {
        throw new TypeError('A transaction must be synchronous: its work returned a promise.');
      }
      this.sql('COMMIT').run();
      return result;
    } catch (error) {
      // A full disk makes SQLite roll back by itself.
      if (this.#db.inTransaction) this.sql('ROLLBACK').run();
      throw explainStoreError(error, this.#file);
    }
  }

  #refuseClosed(): void {
    if (!this.#db.open) throw new StoreError('STORE_CLOSED', `The store ${this.#file} is closed.`);
  }
}

function isBusy(error: unknown): boolean {
  return String((error as { code?: unknown } | null)?.code).startsWith('SQLITE_BUSY');
}
