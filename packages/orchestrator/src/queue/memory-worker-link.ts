import type { Heartbeat, RunEvent } from '../protocol/events.ts';
import type { Delivery, SendReply, SweepListing, WorkerLink, WorkerLinkEvents } from '../protocol/links.ts';
import { encodeEvents, ordersFor, SentRuns } from '../protocol/redis/outgoing.ts';
import type { MemoryFleet } from './memory-fleet.ts';

/** The worker's end in the process. */
export class MemoryWorkerLink implements WorkerLink {
  readonly #fleet: MemoryFleet;
  readonly #runs = new SentRuns();
  readonly #held = new Map<string, string>();
  #events: WorkerLinkEvents | null = null;

  constructor(fleet: MemoryFleet) {
    this.#fleet = fleet;
  }

  async open(events: WorkerLinkEvents): Promise<void> {
    this.#events = events;
    this.#fleet.join(events);
    this.#fleet.publish((listener) => {
      if (listener === events) events.onConnection(true, 'in this process');
    });
  }

  async sweeps(): Promise<readonly SweepListing[]> {
    return this.#fleet.listings();
  }

  async take({ id }: SweepListing): Promise<Delivery | null> {
    const sweep = this.#fleet.sweep(id);
    if (sweep.concurrency !== null && sweep.active.size >= sweep.concurrency) return null;
    const job = sweep.waiting.shift();
    if (job === undefined) return null;
    sweep.active.set(job.jobId, this);
    this.#held.set(job.jobId, id);
    return { ...job, release: async () => this.#release(id, job.jobId) };
  }

  async send({ id, epoch }: SweepListing, events: readonly (RunEvent | Heartbeat)[]): Promise<SendReply> {
    const texts = encodeEvents(events);
    const batch = this.#runs.in(events);
    const sweep = this.#fleet.sweep(id);
    if (sweep.epoch !== epoch) return { stops: [], lost: true };
    for (const text of texts) sweep.stream.push({ id: this.#fleet.nextId(), text });
    if (texts.length > 0) sweep.wakeReader?.();
    return {
      stops: [...batch].flatMap(([field, runs]) => ordersFor(runs, sweep.stops.get(field) ?? [])),
      lost: false,
    };
  }

  /** What it still holds is lost with it, as with a worker that dies. */
  async close(): Promise<void> {
    if (this.#events === null) return;
    this.#fleet.leave(this.#events);
    this.#events = null;
    for (const [jobId, sweep] of this.#held) this.#release(sweep, jobId);
  }

  #release(sweepId: string, jobId: string): void {
    this.#held.delete(jobId);
    const sweep = this.#fleet.sweep(sweepId);
    // After a rebuild the same job may be in other hands.
    if (sweep.active.get(jobId) !== this) return;
    sweep.active.delete(jobId);
    if (sweep.concurrency !== null && sweep.waiting.length > 0) this.#fleet.wake();
  }
}
