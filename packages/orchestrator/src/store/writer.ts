import type { Connection } from './connection.ts';
import { LeaseLostError } from './errors.ts';
import { giveLeaseBack } from './lease.ts';
import { SqliteTransaction } from './transaction.ts';
import type { SweepTransaction, SweepWriter } from './types.ts';

export interface WrittenSweep {
  readonly key: number;
  readonly id: string;
  readonly name: string;
}

export class SqliteSweepWriter implements SweepWriter {
  readonly sweep: string;
  readonly epoch: number;
  readonly #db: Connection;
  readonly #target: WrittenSweep;
  /** Up to when, on the monotonic clock, wall time is in the database. */
  #tallied = performance.now();

  constructor(db: Connection, target: WrittenSweep, epoch: number) {
    this.#db = db;
    this.#target = target;
    this.sweep = target.id;
    this.epoch = epoch;
  }

  async transaction<T>(work: (tx: SweepTransaction) => T): Promise<T> {
    let tallied = this.#tallied;
    const result = await this.#db.write(() => {
      const { key, name } = this.#target;
      const lease = this.#db.sql('SELECT epoch FROM leases WHERE sweep = ?').get(key);
      if (lease?.epoch !== this.epoch) throw new LeaseLostError(name);
      tallied = this.#tallied;
      const takeWallTime = (): number => {
        const before = tallied;
        tallied = performance.now();
        return tallied - before;
      };
      return work(new SqliteTransaction(this.#db, this.#target, takeWallTime));
    });
    // Only what was committed counts: after a rollback the same time is added again by the next heartbeat.
    this.#tallied = tallied;
    return result;
  }

  async release(): Promise<void> {
    const { key } = this.#target;
    await this.#db.write(() => giveLeaseBack(this.#db, key, this.epoch, performance.now() - this.#tallied));
  }
}
