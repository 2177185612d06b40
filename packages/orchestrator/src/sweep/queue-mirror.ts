import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { jobId } from '../protocol/job.ts';
import type { ReceivedEvent, SignedJob, SweepListing, TrialQueue } from '../protocol/links.ts';
import { RedisUnavailableError } from '../protocol/redis/index.ts';
import type { SweepTransaction, SweepWriter } from '../store/types.ts';
import type { Aftermath } from './aftermath.ts';
import { type OpenTrial, type OpenTrials, requeue } from './open-trials.ts';

const REDIS_RETRY_MS = 500;
/** How often jobs that should wait in Redis are looked for there. */
const RECONCILE_MS = 5_000;

export interface MirrorParts {
  readonly sweep: string;
  readonly queue: TrialQueue;
  readonly trials: OpenTrials;
  readonly listing: (epoch: string) => SweepListing;
  readonly jobFor: (trial: OpenTrial) => SignedJob;
  /** While Redis was away nobody could be heard: whoever counts silences starts anew. */
  readonly onBack: () => void;
  readonly onNotice: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Keeps the queue in step with SQLite: Redis may be flushed, restarted or replaced at any moment. */
export class QueueMirror {
  readonly #parts: MirrorParts;
  #epoch = '';
  #position = '';
  /** The queue missed something that it was told, or may have: say all of it again. */
  #outOfStep = false;
  #limit: number | null = null;
  #reconciledAt = 0;
  readonly #missingSince = new Map<string, number>();

  constructor(parts: MirrorParts) {
    this.#parts = parts;
  }

  /** Goes on with the stream of an earlier life where there was one. */
  async open(writer: SweepWriter, known: { epoch: string; position: string } | null): Promise<void> {
    if (known === null) {
      await this.#renew(writer);
      return;
    }
    this.#epoch = known.epoch;
    this.#position = known.position;
    await this.#whileAway(() => this.#parts.queue.open(this.#parts.listing(this.#epoch)));
    this.#outOfStep = true;
  }

  /** What workers said since the last `advance`, at most `limit`; waits up to `waitMs` for the first. */
  async read(writer: SweepWriter, limit: number, waitMs: number): Promise<readonly ReceivedEvent[]> {
    try {
      const result = await this.#parts.queue.read(this.#position, { limit, waitMs });
      if (result.kind === 'events') return result.events;
      this.#parts.onNotice(
        'Redis lost the sweep (flushed, restarted or replaced): rebuilding it from SQLite.',
      );
      await this.#renew(writer);
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
      this.#outOfStep = true;
      await this.#whileAway(() => this.#parts.queue.present(), error);
    }
    return [];
  }

  /** Moves past the events in the transaction that holds what follows from them. */
  advance(tx: SweepTransaction, events: readonly ReceivedEvent[]): void {
    const last = events.at(-1);
    if (last === undefined) return;
    this.#position = last.position;
    tx.setStreamPosition(this.#epoch, last.position);
  }

  /** After the commit. What the queue does not hear now, because it is away, it hears in `reconcile`. */
  async publish(after: Aftermath, jobs: readonly SignedJob[], read: boolean): Promise<void> {
    const { queue } = this.#parts;
    try {
      await Promise.all([
        jobs.length > 0 ? queue.enqueue(jobs) : undefined,
        after.withdrawn.length > 0 ? queue.withdraw(after.withdrawn) : undefined,
        after.stops.length > 0 ? queue.stop(after.stops) : undefined,
        read ? queue.committed(this.#position, after.acknowledged) : undefined,
      ]);
    } catch (error) {
      this.#missed(error);
    }
  }

  /** Says anew what workers have to know of the sweep. */
  async announce(): Promise<void> {
    try {
      await this.#parts.queue.open(this.#parts.listing(this.#epoch));
    } catch (error) {
      this.#missed(error);
    }
  }

  /** How many jobs may be active at once; null: any number. */
  async limit(limit: number | null): Promise<void> {
    this.#limit = limit;
    try {
      await this.#parts.queue.setConcurrency(limit);
    } catch (error) {
      this.#missed(error);
    }
  }

  /**
   * Puts back what should be in the queue. While both are in step, a job that is neither there nor was ever started
   * has been lost in a worker's hands: seen missing for long, its trial gets a new attempt. Ask only when the stream
   * is read to its end, since a `started` that is still unread explains a missing job.
   */
  async reconcile(writer: SweepWriter, now: number): Promise<void> {
    if (!this.#outOfStep && now - this.#reconciledAt < RECONCILE_MS) return;
    this.#reconciledAt = now;
    const { queue, sweep, trials, jobFor } = this.#parts;
    try {
      const present = await queue.present();
      const missing = trials
        .in('queued')
        .filter((trial) => trial.attempt > 0 && !present.has(jobId(sweep, trial.number, trial.attempt)));
      if (!this.#outOfStep) {
        await this.#replaceVanished(writer, missing, now);
        return;
      }
      await queue.open(this.#parts.listing(this.#epoch));
      await queue.setConcurrency(this.#limit);
      await queue.enqueue(missing.map(jobFor));
      const stopping = [...trials.all()].filter((trial) => trial.stoppingSince !== null);
      const reason = 'no longer wanted';
      await queue.stop(
        stopping.map(({ number, attempt, runId }) => ({ trial: number, attempt, runId, reason })),
      );
      this.#outOfStep = false;
      this.#missingSince.clear();
    } catch (error) {
      this.#missed(error);
    }
  }

  async #replaceVanished(writer: SweepWriter, missing: readonly OpenTrial[], now: number): Promise<void> {
    const ids = new Map(
      missing.map((trial) => [jobId(this.#parts.sweep, trial.number, trial.attempt), trial]),
    );
    for (const id of this.#missingSince.keys()) if (!ids.has(id)) this.#missingSince.delete(id);
    for (const id of ids.keys()) if (!this.#missingSince.has(id)) this.#missingSince.set(id, now);
    const vanished = [...ids].filter(([id]) => now - (this.#missingSince.get(id) ?? now) > 2 * RECONCILE_MS);
    if (vanished.length === 0) return;
    await writer.transaction((tx) => {
      for (const [id, trial] of vanished) {
        tx.endAttempt(trial.number, trial.attempt, {
          outcome: 'lost',
          reason: 'its job vanished',
          at: Date.now(),
        });
        requeue(trial, now);
        this.#missingSince.delete(id);
      }
    });
  }

  /** A new stream under a new epoch; `reconcile` then puts back what belongs there. */
  async #renew(writer: SweepWriter): Promise<void> {
    this.#epoch = randomUUID();
    this.#position = '';
    await writer.transaction((tx) => tx.setStreamPosition(this.#epoch, ''));
    await this.#whileAway(() => this.#parts.queue.open(this.#parts.listing(this.#epoch)));
    this.#parts.onBack();
    this.#outOfStep = true;
  }

  /** Repeats `attempt` until Redis answers; says so once. Ctrl-C ends the wait. */
  async #whileAway(attempt: () => Promise<unknown>, first?: RedisUnavailableError): Promise<void> {
    let told = false;
    for (let error = first; ; ) {
      if (error !== undefined) {
        if (!told) this.#parts.onNotice(`${error.message} Waiting for it; nothing is lost.`);
        told = true;
        if (this.#parts.signal.aborted) throw error;
        await sleep(REDIS_RETRY_MS);
      }
      try {
        await attempt();
      } catch (cause) {
        if (!(cause instanceof RedisUnavailableError)) throw cause;
        error = cause;
        continue;
      }
      if (told) this.#parts.onNotice('Redis is back.');
      this.#parts.onBack();
      return;
    }
  }

  #missed(error: unknown): void {
    if (!(error instanceof RedisUnavailableError)) throw error;
    this.#outOfStep = true;
  }
}
