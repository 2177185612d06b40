import type { SweepConfig } from '../config/sweep-config.ts';
import type { TrialError, WorkerInfo } from '../protocol/events.ts';
import { refusal } from '../store/requests.ts';
import type { SweepTransaction, WorkerRow } from '../store/types.ts';
import type { Aftermath } from './aftermath.ts';
import type { Fleet } from './fleet.ts';
import { isWorkersFault } from './retry.ts';
import { WorkerHealth } from './worker-health.ts';

/** How often it is written that a worker was seen. */
const SEEN_EVERY_MS = 10_000;

/** Who may work for the sweep: keeps poison workers off it, tells workers to drain, and writes down who was there. */
export class Crew {
  readonly #fleet: Fleet;
  readonly #retry: SweepConfig['retry'];
  readonly #health: WorkerHealth;
  readonly #drained: Set<string>;
  readonly #seenAt = new Map<string, { at: number; shown: string }>();

  constructor(
    fleet: Fleet,
    retry: SweepConfig['retry'],
    known: readonly WorkerRow[],
    health: WorkerHealth = new WorkerHealth(),
  ) {
    this.#health = health;
    this.#fleet = fleet;
    this.#retry = retry;
    this.#drained = new Set(known.filter((row) => row.drainAsked).map(({ id }) => id));
    for (const { id, quarantine } of known) if (quarantine !== null) fleet.keepOff(id, quarantine);
  }

  /** The same workers under other rules. */
  under(retry: SweepConfig['retry']): Crew {
    const crew = new Crew(this.#fleet, retry, [], this.#health);
    for (const id of this.#drained) crew.#drained.add(id);
    return crew;
  }

  /** What the sweep's listing says to its workers; those that are gone need no orders. */
  orders(now: number): { keepOff: string[]; drain: string[] } {
    const ids = this.#fleet.workers(now).map(({ id }) => id);
    return {
      keepOff: ids.filter((id) => this.#fleet.isKeptOff(id)),
      drain: ids.filter((id) => this.#drained.has(id)),
    };
  }

  /** Writes down workers that are new, that have changed, or that were written down long ago. */
  record(tx: SweepTransaction, now: number, after: Aftermath): void {
    for (const info of this.#fleet.workers(now)) {
      const draining = this.#fleet.isDraining(info.id);
      const shown = JSON.stringify([info.slots, info.backend, draining]);
      const seen = this.#seenAt.get(info.id);
      if (seen !== undefined && seen.shown === shown && now - seen.at < SEEN_EVERY_MS) continue;
      // Orders for a worker that was known before it was heard in this life are not yet in the listing.
      if (seen === undefined && (this.#drained.has(info.id) || this.#fleet.isKeptOff(info.id)))
        after.relist = true;
      this.#seenAt.set(info.id, { at: now, shown });
      tx.seeWorker(info, { draining, at: Date.now() });
    }
  }

  good(worker: string | null): void {
    if (worker !== null) this.#health.good(worker);
  }

  /** A runner that died under a trial: the trial's fault or the worker's. */
  crashed(
    tx: SweepTransaction,
    run: { worker: string | null; trial: number; error: TrialError },
    now: number,
    after: Aftermath,
  ): void {
    if (run.worker === null || run.error.kind !== 'crash' || this.#fleet.isKeptOff(run.worker)) return;
    const poison = this.#health.fault(run.worker, run.trial, run.error.message);
    if (poison !== null && this.#hasOthers(run.worker, now)) this.#keepOff(tx, run.worker, poison, after);
  }

  /**
   * Whether a failure is the worker's and not the trial's, by the sweep's rules. That worker then gets no more trials,
   * unless it is the last one.
   */
  takesBlame(
    tx: SweepTransaction,
    run: { worker: string | null; error: TrialError },
    now: number,
    after: Aftermath,
  ): boolean {
    if (run.worker === null || !isWorkersFault(this.#retry, run.error)) return false;
    if (this.#fleet.isKeptOff(run.worker)) return true;
    if (!this.#hasOthers(run.worker, now)) return false;
    this.#keepOff(tx, run.worker, run.error.message, after);
    return true;
  }

  /** @param name - a worker's name or id. @returns the outcome of the request. */
  release(tx: SweepTransaction, name: string, after: Aftermath): string {
    const rows = tx
      .workers()
      .filter((row) => row.quarantine !== null && (row.name === name || row.id === name));
    if (rows.length === 0) return refusal(`no worker ${name} is kept off this sweep`);
    for (const { id } of rows) {
      tx.quarantineWorker(id, null);
      this.#fleet.release(id);
      this.#health.reset(id);
    }
    after.relist = true;
    return `${name} gets trials again`;
  }

  /** @param name - a worker's name or id. @returns the outcome of the request. */
  drain(tx: SweepTransaction, name: string, now: number, after: Aftermath): string {
    const workers = this.#fleet.workers(now);
    const meant = workers.filter((info) => info.name === name || info.id === name);
    if (meant.length === 0) {
      const names = workers.map((info) => info.name).join(', ') || 'nobody';
      return refusal(`no worker ${name} works for this sweep now; there is ${names}`);
    }
    for (const info of meant) {
      tx.seeWorker(info, { draining: this.#fleet.isDraining(info.id), at: Date.now() });
      tx.drainWorker(info.id);
      this.#drained.add(info.id);
    }
    after.relist = true;
    return `${name} takes nothing new and leaves when what it runs is over`;
  }

  #hasOthers(worker: string, now: number): boolean {
    return this.#fleet.workers(now).some(({ id }) => id !== worker && this.#fleet.takesWork(id));
  }

  #keepOff(tx: SweepTransaction, id: string, reason: string, after: Aftermath): void {
    const info: WorkerInfo | undefined = this.#fleet.info(id);
    if (info === undefined) return;
    tx.seeWorker(info, { draining: false, at: Date.now() });
    tx.quarantineWorker(id, reason);
    this.#fleet.keepOff(id, reason);
    after.relist = true;
    after.notices.push(
      `worker ${info.name} gets no more trials of this sweep: ${reason} (\`tfsweep release ${info.name}\` when it is mended)`,
    );
  }
}
