/**
 * What passes between server and page. It imports nothing, so that the page is checked without a line of the server;
 * `server/views.ts` makes these from the store's rows, where a drift between the two is a type error.
 */

export const TRIAL_STATES = [
  'running',
  'queued',
  'paused',
  'complete',
  'pruned',
  'failed',
  'stopped',
] as const;
export type TrialState = (typeof TRIAL_STATES)[number];
export type SweepState = 'running' | 'paused' | 'complete' | 'stopped' | 'failed';
export type ParamValue = string | number | boolean | null;

/** JSON has no NaN and no infinity; a metric may be either. `readNumber` reads it back. */
export type WireNumber = number | 'NaN' | 'Infinity' | '-Infinity';

export function writeNumber(value: number): WireNumber {
  return Number.isFinite(value) ? value : (String(value) as WireNumber);
}

export function readNumber(value: WireNumber): number {
  return Number(value);
}

/** A line of the sweep picker: only what rarely changes, because the whole list is sent when one of them does. */
export interface SweepEntry {
  readonly id: string;
  readonly name: string;
  readonly state: SweepState;
  readonly createdAt: number;
}

/** Times are milliseconds since 1970. */
export interface SweepView extends SweepEntry {
  readonly description: string | null;
  /** Why it ended; null while it runs. */
  readonly reason: string | null;
  readonly metric: {
    readonly name: string;
    readonly goal: 'minimize' | 'maximize';
    readonly target: number | null;
  };
  /** Further objectives, and constraints. */
  readonly otherMetrics: readonly OtherMetricView[];
  /** Those that can vary, in the order of the sweep file. */
  readonly parameters: readonly string[];
  readonly method: string;
  readonly sampler: string;
  readonly scheduler: string | null;
  /** What a step is, and how many of them a whole trial has. */
  readonly fidelity: { readonly unit: string; readonly max: number } | null;
  readonly runCap: number | null;
  readonly finishedAt: number | null;
  readonly wallSeconds: number;
  readonly counts: Readonly<Record<TrialState, number>>;
  readonly best: { readonly number: number; readonly value: WireNumber } | null;
  readonly backends: readonly string[];
  /** null before the first trial has ended. */
  readonly trialsPerSecond: number | null;
  /** null where it can't be known. */
  readonly etaSeconds: number | null;
  /** An orchestrator runs it now. */
  readonly attended: boolean;
}

export type OtherMetricView =
  | { readonly name: string; readonly goal: 'minimize' | 'maximize' }
  | { readonly name: string; readonly min: number | null; readonly max: number | null };

export interface TrialView {
  readonly number: number;
  readonly state: TrialState;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly value: WireNumber | null;
  /** The last reported metric: what a trial without a value has to show. */
  readonly lastValue: WireNumber | null;
  /** Of all metrics by name; null unless complete, and where there is one. */
  readonly values: Readonly<Record<string, WireNumber>> | null;
  /** How far the constraints are violated, 0: feasible; null unless complete. */
  readonly violation: WireNumber | null;
  readonly step: number;
  readonly metrics: Readonly<Record<string, WireNumber>>;
  readonly reason: string | null;
  readonly attempts: number;
  readonly worker: string | null;
  readonly sampler: string;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly durationSeconds: number | null;
}

export interface LeaderboardRow extends TrialView {
  /** 1..n of complete trials; null for all others. */
  readonly rank: number | null;
  /** 1: on the Pareto front; null unless feasible and complete, and where there is one objective. */
  readonly front: number | null;
}

export interface ErrorView {
  readonly kind: string;
  readonly message: string;
  readonly stack: string | null;
  /** The trainer's own line: `train.ts:12:7`. */
  readonly at: string | null;
}

export interface AttemptView {
  readonly attempt: number;
  readonly worker: string | null;
  readonly slot: number | null;
  readonly backend: string | null;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly error: ErrorView | null;
  readonly openedAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** How long its run was seen to run: the times above are not of one clock. */
  readonly ranSeconds: number;
}

export interface ReportView {
  readonly attempt: number;
  readonly step: number;
  readonly values: Readonly<Record<string, WireNumber>>;
}

export interface TrialDetail extends TrialView {
  readonly error: ErrorView | null;
  readonly backend: string | null;
  readonly retryOf: number | null;
  readonly createdAt: number;
  readonly attemptList: readonly AttemptView[];
  readonly reports: readonly ReportView[];
}

/** The store as the server sees it now. */
export type StoreStatus =
  | { readonly kind: 'ready' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'broken'; readonly message: string };

/** The events of `/api/events?sweep=NAME`: event name → data. */
export interface LiveEvents {
  status: StoreStatus;
  /** All sweeps of the store, newest first. */
  sweeps: readonly SweepEntry[];
  /** The sweep that was asked for; null: there is none of that name. */
  sweep: SweepView | null;
  /**
   * Rows that are new or changed. `reset`: forget all earlier ones first. `more`: the rest follows at once. The
   * event's id is the position to go on from after a lost connection.
   */
  rows: { readonly reset: boolean; readonly more: boolean; readonly rows: readonly TrialView[] };
}

/** The body of every answer that is not 2xx. */
export interface ApiError {
  readonly error: { readonly code: string; readonly message: string };
}
