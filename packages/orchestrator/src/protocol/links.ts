import type { Heartbeat, RunEvent, WorkerEvent } from './events.ts';

/**
 * The two ends of the trial queue. Each has two implementations, Redis and in-process, and the same conformance tests
 * run on both pairs.
 */

/** Largest payload of a job, in bytes of UTF-8. */
export const MAX_JOB_BYTES = 1024 * 1024;
/** Largest encoded event, in bytes of UTF-8. */
export const MAX_EVENT_BYTES = 256 * 1024;

/** A job as it travels: the exact signed text. */
export interface SignedJob {
  readonly jobId: string;
  /** JSON of a `Job`. */
  readonly payload: string;
  /** HMAC-SHA-256 of `payload` under the fleet's secret, hex. */
  readonly signature: string;
}

/** What a worker learns of a sweep before it takes one of its jobs. */
export interface SweepListing {
  readonly id: string;
  readonly name: string;
  /** Random per rebuild of the stream: a foreign one means that Redis was flushed or replaced. */
  readonly epoch: string;
  /** Folder name that a worker must have mapped; null where nothing is read from a folder. */
  readonly root: string | null;
  readonly gpusPerTrial: number | 'auto';
  readonly trialsPerGpu: number;
  readonly protocol: number;
  /** Share of a worker's slots beside other sweeps, above 0. @default 1 */
  readonly priority?: number;
  /** Ids of workers that get no more of its jobs; what they run goes on. @default none */
  readonly keepOff?: readonly string[];
  /** Ids of workers that are asked to finish what they have, of whatever sweep, and to leave. @default none */
  readonly drain?: readonly string[];
}

/** Why a running attempt must end. */
export interface StopOrder {
  readonly trial: number;
  readonly attempt: number;
  /** null: whatever run of this attempt; else only that one (a second copy of a bound attempt). */
  readonly runId: string | null;
  readonly reason: string;
}

export interface ReceivedEvent {
  /** Position in the stream; opaque, ascending. */
  readonly position: string;
  /** null: unreadable; skip it. */
  readonly event: WorkerEvent | null;
}

export type ReadResult =
  | { readonly kind: 'events'; readonly events: readonly ReceivedEvent[] }
  /** The stream is missing or has a foreign epoch: rebuild from SQLite under a new epoch. */
  | { readonly kind: 'lost' };

/** The orchestrator's end, for one sweep. Methods reject with RedisUnavailableError while no server answers. */
export interface TrialQueue {
  /**
   * Announces the sweep and makes its stream exist under `listing.epoch`. Idempotent for the same epoch; under a new
   * epoch, jobs and stop flags of the old one are dropped first.
   */
  open(listing: SweepListing): Promise<void>;
  /**
   * Idempotent by job id: an id that is waiting or active is left as it is. Order is kept.
   * @throws TfsweepError `JOB_TOO_LARGE` for a payload above MAX_JOB_BYTES; then none of the jobs is enqueued.
   */
  enqueue(jobs: readonly SignedJob[]): Promise<void>;
  /** Takes jobs out that no worker has yet; ids that are elsewhere are ignored. */
  withdraw(jobIds: readonly string[]): Promise<void>;
  /** Ids of the jobs that wait or are active. */
  present(): Promise<ReadonlySet<string>>;
  /** Events after `position` ('' is the beginning), at most `limit`; waits up to `waitMs` for the first. */
  read(position: string, options: { limit: number; waitMs: number }): Promise<ReadResult>;
  /** Makes a pending `read` return now, with nothing if need be. */
  interrupt(): void;
  /** Called after the commit in SQLite: workers may forget up to `seq` of each run; the stream is trimmed to `position`. */
  committed(position: string, acknowledged: ReadonlyMap<string, number>): Promise<void>;
  /** Kept for the reply to the run's next report, and pushed at once. */
  stop(orders: readonly StopOrder[]): Promise<void>;
  /** Largest number of active jobs over the whole fleet; null lifts it. */
  setConcurrency(limit: number | null): Promise<void>;
  /**
   * `forget`: the sweep has ended, remove everything of it. Otherwise workers see it as not being served. A sweep that
   * another orchestrator has opened since under an epoch of its own is left as it is. Idempotent.
   */
  close(options: { forget: boolean }): Promise<void>;
}

/** A job in a worker's hands. */
export interface Delivery extends SignedJob {
  /** The job leaves the queue. Call it when the run has ended, whatever its outcome: the loop alone opens attempts. */
  release(): Promise<void>;
}

export interface SendReply {
  /** Standing orders for the runs in what was sent. */
  readonly stops: readonly StopOrder[];
  /** The stream is gone or has another epoch: keep the events, ask `sweeps()` for the new one, send again. */
  readonly lost: boolean;
}

export interface WorkerLinkEvents {
  /** New work may be there, or the listing changed. */
  onWake(): void;
  onStop(sweep: string, order: StopOrder): void;
  /** The run's events up to `seq` are in SQLite: forget them. */
  onCommitted(sweep: string, runId: string, seq: number): void;
  /** Shown once per state: the server went away (false) or came back (true). */
  onConnection(up: boolean, detail: string): void;
}

/** The worker's end, for all sweeps of a fleet. */
export interface WorkerLink {
  /** Connects; call it once, before all else. */
  open(events: WorkerLinkEvents): Promise<void>;
  /** Sweeps that are served now. */
  sweeps(): Promise<readonly SweepListing[]>;
  /** One job of that sweep or null, without waiting. Its lock is renewed by the link until `release`. */
  take(sweep: SweepListing): Promise<Delivery | null>;
  /**
   * Appends in order, in one round trip. Rejects with RedisUnavailableError while no server answers.
   * @throws TfsweepError `EVENT_TOO_LARGE` for an event above MAX_EVENT_BYTES; then none of the events is sent.
   */
  send(sweep: SweepListing, events: readonly (RunEvent | Heartbeat)[]): Promise<SendReply>;
  close(): Promise<void>;
}
