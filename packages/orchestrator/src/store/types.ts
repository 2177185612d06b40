import type { SweepConfig } from '../config/sweep-config.ts';
import type { TrialError } from '../protocol/events.ts';
import type { Params } from '../space/types.ts';
import type { SweepRequest } from './requests.ts';

export type SweepState = 'running' | 'paused' | 'complete' | 'stopped' | 'failed';
export type TrialState = 'queued' | 'running' | 'paused' | 'complete' | 'pruned' | 'failed' | 'stopped';

/** Times are milliseconds since 1970; null: not yet. */
export interface SweepRow {
  readonly id: string;
  /** Unique in the store. */
  readonly name: string;
  readonly state: SweepState;
  /** Why it ended, for people; null while it runs. */
  readonly reason: string | null;
  readonly config: SweepConfig;
  /** The sweep file's text as it was, and the folder that its paths are relative to. */
  readonly source: string;
  readonly configDir: string;
  readonly createdAt: number;
  readonly finishedAt: number | null;
  /** Seconds during which an orchestrator ran it, over all resumes. */
  readonly wallSeconds: number;
  /** GPUs × seconds of its attempts that have ended. */
  readonly gpuSeconds: number;
  readonly counts: TrialCounts;
  readonly best: BestTrial | null;
  /** Backends that trained its trials, most used first. */
  readonly backends: readonly string[];
  /** Who runs it now, as written by the last claim; the process may be dead (see `isOwnerAlive`). */
  readonly owner: LeaseOwner | null;
}

export type TrialCounts = Readonly<Record<TrialState, number>>;

export interface BestTrial {
  readonly number: number;
  readonly value: number;
  readonly params: Params;
}

export interface LeaseOwner {
  readonly host: string;
  readonly bootId: string;
  readonly pid: number;
  /** Of the process, in the kernel's own clock: a recycled pid has another. */
  readonly startTime: string;
  readonly heartbeatAt: number;
}

export interface TrialRow {
  readonly sweep: string;
  readonly number: number;
  readonly state: TrialState;
  readonly params: Params;
  /** Who chose the parameters, and why where that is worth a word. */
  readonly sampler: string;
  /** The metric after reduction; null until complete. A pruned trial keeps its last reported metric in `lastValue`. */
  readonly value: number | null;
  readonly lastValue: number | null;
  /** All of the sweep's metrics after reduction, by name; null until complete, and where the sweep has one metric. */
  readonly values: Readonly<Record<string, number>> | null;
  /** How far the constraints are violated in all; 0: feasible; null until complete. */
  readonly violation: number | null;
  /** Last reported step, 0 without reports. */
  readonly step: number;
  /** Latest reported or returned values of all metrics. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Why it was pruned, stopped or failed, in one line. */
  readonly reason: string | null;
  readonly error: TrialError | null;
  /** Attempts opened, and those of them that failed by the trainer's own fault. */
  readonly attempts: number;
  readonly failures: number;
  /** Name of the worker of the latest attempt. */
  readonly worker: string | null;
  readonly backend: string | null;
  readonly retryOf: number | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** Seconds of training over all attempts; null before the first start. */
  readonly durationSeconds: number | null;
}

export type AttemptOutcome = 'complete' | 'failed' | 'pruned' | 'stopped' | 'lost' | 'returned';

export interface AttemptRow {
  readonly number: number;
  readonly attempt: number;
  /** null until a `started` event was committed. */
  readonly runId: string | null;
  /** Highest event number of the bound run that is committed. */
  readonly lastSeq: number;
  readonly worker: string | null;
  /** `WorkerInfo.id`. */
  readonly workerId: string | null;
  readonly slot: number | null;
  readonly backend: string | null;
  /** GPUs that its run computed on, or its share of one. */
  readonly gpus: number;
  /** Time from its start to its last sign of life, by the orchestrator's clock. */
  readonly ranMs: number;
  /** That sign of life, to a few seconds; null until a run was bound. */
  readonly seenAt: number | null;
  readonly outcome: AttemptOutcome | null;
  readonly reason: string | null;
  readonly error: TrialError | null;
  readonly openedAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

export interface ReportRow {
  readonly attempt: number;
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
  readonly at: number;
}

export interface CheckpointRow {
  readonly attempt: number;
  readonly step: number;
  /** Relative to the store's artifacts folder. */
  readonly path: string;
}

/**
 * What the study has been told, in order: replayed on resume, so that (config, seed, history) decide what follows.
 * `value` is of the first metric, NaN where a report did not have it.
 */
export type HistoryEntry =
  /** `chosen`: the user chose its parameters, not the study. */
  | { readonly kind: 'ask'; readonly number: number; readonly params: Params; readonly chosen: boolean }
  | {
      readonly kind: 'report';
      readonly number: number;
      readonly step: number;
      readonly value: number;
      /** All metrics of the sweep that were in it, where the sweep has several. */
      readonly values: Readonly<Record<string, number>> | null;
    }
  /** The trial waits at a rung; it goes on. */
  | { readonly kind: 'pause' | 'resume'; readonly number: number }
  | {
      readonly kind: 'tell';
      readonly number: number;
      readonly state: 'complete' | 'pruned' | 'failed' | 'stopped';
      readonly value: number | null;
      /** Of all metrics of the sweep, where it has several and the trial is complete. */
      readonly values: Readonly<Record<string, number>> | null;
    };

export interface RequestRow {
  readonly id: number;
  readonly sweep: string;
  /** null: written by a newer version, or by nobody who knows them. */
  readonly request: SweepRequest | null;
  readonly createdAt: number;
  /** null while it waits for the sweep's loop. */
  readonly outcome: string | null;
}

/** A worker that has greeted the sweep. */
export interface WorkerRow {
  /** `WorkerInfo.id`: unique per start of an agent. */
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly slots: number;
  readonly gpus: readonly string[];
  readonly backend: string;
  readonly firstSeenAt: number;
  /** To about ten seconds. */
  readonly lastSeenAt: number;
  /** It says that it takes nothing new. */
  readonly draining: boolean;
  /** It was asked to finish what it has, and to leave. */
  readonly drainAsked: boolean;
  /** Why it gets no more trials of the sweep; null: it gets them. */
  readonly quarantine: string | null;
  /** Its attempts by their end, those that run among them. */
  readonly attempts: Readonly<Record<AttemptOutcome | 'running', number>>;
}

/** What a sweep knows of an earlier one. */
export interface EarlierSweep {
  readonly name: string;
  /** Complete trials; a lower loss is better. */
  readonly trials: ReadonlyArray<{ readonly params: Params; readonly loss: number }>;
}

export interface TrialQuery {
  readonly states?: readonly TrialState[];
  /** Ranked as the leaderboard ranks them; else by number. */
  readonly ranked?: boolean;
  readonly limit?: number;
  readonly offset?: number;
}

/** Everything that anyone may read, and the two things that anyone may write: a new sweep, a request. */
export interface Store {
  /** The `.tfsweep` folder. */
  readonly dir: string;
  /** The name is made unique: `digits`, `digits-2` … */
  createSweep(input: {
    config: SweepConfig;
    source: string;
    configDir: string;
    /** Kept with the sweep, so that nothing that happens to those sweeps later changes it. */
    transfer?: readonly EarlierSweep[];
  }): Promise<SweepRow>;
  /** Newest first. */
  sweeps(): SweepRow[];
  /** By name or id (a unique beginning of the id of at least four characters too); left out: the newest. */
  sweep(nameOrId?: string): SweepRow | null;
  trials(sweep: string, query?: TrialQuery): TrialRow[];
  trial(sweep: string, number: number): TrialRow | null;
  attempts(sweep: string, number?: number): AttemptRow[];
  reports(sweep: string, number: number): ReportRow[];
  history(sweep: string): HistoryEntry[];
  /** In the order in which they came. */
  workers(sweep: string): WorkerRow[];
  /** As given when the sweep was made. */
  transfer(sweep: string): EarlierSweep[];
  /** All of a trial that were committed and not removed, by attempt and step. */
  checkpoints(sweep: string, number: number): CheckpointRow[];
  /** The newest committed checkpoint of a trial. */
  checkpoint(sweep: string, number: number): CheckpointRow | null;
  /** Failed and stopped trials that were tried again: number → the newest trial of it. */
  retried(sweep: string): ReadonlyMap<number, number>;
  /** Requests that wait for the sweep's loop, oldest first. */
  pendingRequests(sweep: string): RequestRow[];
  /** @returns the request's id. The sweep's loop carries it out, and writes the outcome. */
  addRequest(sweep: string, request: SweepRequest): Promise<number>;
  request(id: number): RequestRow | null;
  /** Takes a request back that still waits. @returns false where it has been carried out. */
  withdrawRequest(id: number, outcome: string): Promise<boolean>;
  /** Changes whenever another connection or process has committed: cheap to poll. */
  dataVersion(): number;
  /**
   * Takes the sweep's lease. A lease whose process is dead on this host is taken over at once, one on another host
   * once its heartbeat is older than 60 s.
   * @throws LeaseHeldError while a live orchestrator runs the sweep.
   */
  claim(sweep: string): Promise<SweepWriter>;
  close(): void;
}

/** The one process that may write a sweep's trials. Every transaction checks that the lease is still ours. */
export interface SweepWriter {
  readonly sweep: string;
  readonly epoch: number;
  /**
   * Runs `work` in one `BEGIN IMMEDIATE` transaction with `synchronous=FULL`; retries while the database is busy.
   * `work` must be synchronous. @throws LeaseLostError when another orchestrator has taken the sweep.
   */
  transaction<T>(work: (tx: SweepTransaction) => T): Promise<T>;
  /** Gives the lease back. The sweep's state is left as it is. */
  release(): Promise<void>;
}

export interface SweepTransaction {
  /** Writes the heartbeat and adds to the sweep's wall time, unless the sweep is paused. */
  heartbeat(): void;
  setSweepState(state: SweepState, reason: string | null): void;
  setConfig(config: SweepConfig): void;
  /** Stream epoch and position up to which events are in SQLite. */
  streamPosition(): { epoch: string; position: string } | null;
  setStreamPosition(epoch: string, position: string): void;

  /** A new trial, `queued`, with its ask recorded; `number` must be the next one. */
  addTrial(trial: {
    number: number;
    params: Params;
    sampler: string;
    /** The user chose its parameters. @default false */
    chosen?: boolean;
    retryOf?: number;
  }): void;
  /** Opens the next attempt of a queued trial and returns its index (1, 2, …). */
  openAttempt(number: number): number;
  trial(number: number): TrialRow | null;
  attempt(number: number, attempt: number): AttemptRow | null;
  /** GPUs × milliseconds of the sweep's attempts that have ended. */
  gpuMs(): number;
  /** First `started` of this attempt: binds the run id, trial `queued → running`. */
  bindAttempt(
    number: number,
    attempt: number,
    run: {
      runId: string;
      workerId: string;
      worker: string;
      slot: number;
      backend: string;
      /** GPUs that it has, or its share of one. @default 0 */
      gpus?: number;
      at: number;
    },
  ): void;
  /** The open attempt's run was alive: how long it has run by now, and when it was seen. */
  sawRun(number: number, attempt: number, seen: { ranMs: number; at: number }): void;
  /** Advances the attempt's highest committed event number. */
  setLastSeq(number: number, attempt: number, seq: number): void;
  /**
   * Keeps a report of the bound run. `metric`: its value of the sweep's first metric, `results`: those of all its
   * metrics, where it has several. Recorded in the history unless both are missing (a late report of a finished trial is
   * kept, but the study never hears of it).
   */
  addReport(
    number: number,
    attempt: number,
    report: {
      step: number;
      values: Readonly<Record<string, number>>;
      at: number;
      metric: number | null;
      results?: Readonly<Record<string, number>> | null;
    },
  ): void;
  addCheckpoint(number: number, checkpoint: CheckpointRow): void;
  /** Its files are gone. */
  removeCheckpoint(number: number, checkpoint: CheckpointRow): void;
  /** Ends an attempt whose trial goes on: `running → queued` (also for a trial that was still queued). */
  endAttempt(
    number: number,
    attempt: number,
    end: { outcome: 'lost' | 'returned' | 'failed'; reason: string; error?: TrialError; at: number },
  ): void;
  /** Ends an attempt that has come to its rung: `running → paused`, recorded. */
  pauseTrial(number: number, attempt: number, pause: { reason: string; at: number }): void;
  /** A paused trial goes on: `paused → queued`, recorded. */
  resumeTrial(number: number): void;
  /** Ends the trial, and its open attempt with it, and records the tell. */
  finishTrial(
    number: number,
    end: {
      state: 'complete' | 'pruned' | 'failed' | 'stopped';
      value: number | null;
      /** Of all metrics of the sweep, where it has several. */
      results?: Readonly<Record<string, number>> | null;
      /** @default 0 */
      violation?: number | null;
      /** Values that the trainer returned, merged into the trial's metrics. */
      values?: Readonly<Record<string, number>>;
      reason?: string;
      error?: TrialError;
      at: number;
    },
  ): void;
  /** Writes down that a worker was there. */
  seeWorker(
    worker: {
      id: string;
      name: string;
      host: string;
      slots: number;
      gpus: ReadonlyArray<{ readonly name: string }>;
      backend: string;
    },
    seen: { draining: boolean; at: number },
  ): void;
  workers(): WorkerRow[];
  /** Of a worker that was seen. null: it gets trials again. */
  quarantineWorker(id: string, reason: string | null): void;
  drainWorker(id: string): void;
  /** Requests that wait for this sweep's loop, oldest first. */
  pendingRequests(): RequestRow[];
  settleRequest(id: number, outcome: string): void;
  /** The sweep with everything that the store holds of it. Its name is free again. */
  deleteSweep(): void;
}
