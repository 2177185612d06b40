import { decodeEvent } from '../protocol/events.ts';
import type { ReadResult, SignedJob, StopOrder, SweepListing, TrialQueue } from '../protocol/links.ts';
import { stopField } from '../protocol/redis/wire.ts';
import { refuseLargeJobs, wireOrder } from './limits.ts';
import { idOf, type MemoryFleet, type MemorySweep } from './memory-fleet.ts';

/** The orchestrator's end in the process. */
export class MemoryQueueEnd implements TrialQueue {
  readonly #fleet: MemoryFleet;
  readonly #id: string;
  #epoch: string | null = null;
  #closed = false;

  constructor(fleet: MemoryFleet, sweepId: string) {
    this.#fleet = fleet;
    this.#id = sweepId;
  }

  get #sweep(): MemorySweep {
    return this.#fleet.sweep(this.#id);
  }

  async open(listing: SweepListing): Promise<void> {
    const sweep = this.#sweep;
    if (sweep.epoch !== listing.epoch) {
      sweep.drop();
      sweep.epoch = listing.epoch;
    }
    this.#epoch = listing.epoch;
    sweep.listing = structuredClone(listing);
    this.#fleet.wake();
  }

  async enqueue(jobs: readonly SignedJob[]): Promise<void> {
    refuseLargeJobs(jobs);
    const sweep = this.#sweep;
    const known = new Set([...sweep.active.keys(), ...sweep.waiting.map(({ jobId }) => jobId)]);
    for (const { jobId, payload, signature } of jobs) {
      if (known.has(jobId)) continue;
      known.add(jobId);
      sweep.waiting.push({ jobId, payload, signature });
    }
    if (jobs.length > 0) this.#fleet.wake();
  }

  async withdraw(jobIds: readonly string[]): Promise<void> {
    const sweep = this.#sweep;
    const gone = new Set(jobIds);
    sweep.waiting = sweep.waiting.filter(({ jobId }) => !gone.has(jobId));
  }

  async present(): Promise<ReadonlySet<string>> {
    const { waiting, active } = this.#sweep;
    return new Set([...waiting.map(({ jobId }) => jobId), ...active.keys()]);
  }

  async read(position: string, { limit, waitMs }: { limit: number; waitMs: number }): Promise<ReadResult> {
    const after = idOf(position);
    const isThere = (): boolean => this.#sweep.stream.some(({ id }) => id > after);
    if (waitMs > 0 && this.#isOurs() && !isThere()) await this.#waitForEvents(waitMs);
    if (!this.#isOurs()) return { kind: 'lost' };
    const entries = this.#sweep.stream.filter(({ id }) => id > after).slice(0, limit);
    return {
      kind: 'events',
      events: entries.map(({ id, text }) => ({ position: String(id), event: decodeEvent(text) })),
    };
  }

  interrupt(): void {
    this.#sweep.wakeReader?.();
  }

  async committed(position: string, acknowledged: ReadonlyMap<string, number>): Promise<void> {
    if (position !== '' && this.#isOurs()) {
      const sweep = this.#sweep;
      sweep.stream = sweep.stream.filter(({ id }) => id > idOf(position));
    }
    const upTo = [...acknowledged];
    this.#fleet.publish((events) => {
      for (const [runId, seq] of upTo) events.onCommitted(this.#id, runId, seq);
    });
  }

  async stop(orders: readonly StopOrder[]): Promise<void> {
    const { stops } = this.#sweep;
    for (const given of orders) {
      const order = wireOrder(given);
      const field = stopField(order);
      const standing = stops.get(field) ?? [];
      if (!standing.some(({ runId, reason }) => runId === order.runId && reason === order.reason)) {
        stops.set(field, [...standing, order]);
      }
      this.#fleet.publish((events) => events.onStop(this.#id, order));
    }
  }

  async setConcurrency(limit: number | null): Promise<void> {
    this.#sweep.concurrency = limit;
    this.#fleet.wake();
  }

  async close({ forget }: { forget: boolean }): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.interrupt();
    // Another orchestrator has opened the sweep since: it is no longer ours to end.
    if (this.#sweep.epoch !== null && !this.#isOurs()) return;
    this.#sweep.listing = null;
    if (forget) this.#fleet.forget(this.#id);
    this.#fleet.wake();
  }

  #isOurs(): boolean {
    return this.#epoch !== null && this.#sweep.epoch === this.#epoch;
  }

  #waitForEvents(waitMs: number): Promise<void> {
    const sweep = this.#sweep;
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        if (sweep.wakeReader === wake) sweep.wakeReader = null;
        resolve();
      };
      const timer = setTimeout(wake, waitMs);
      sweep.wakeReader = wake;
    });
  }
}
