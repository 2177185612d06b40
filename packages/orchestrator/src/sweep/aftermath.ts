import type { TrialError } from '../protocol/events.ts';
import type { StopOrder } from '../protocol/links.ts';

export interface FinishedNow {
  readonly number: number;
  readonly state: 'complete' | 'pruned' | 'failed' | 'stopped';
  readonly value: number | null;
  /** Where the sweep has several metrics and the trial is complete. */
  readonly values: Readonly<Record<string, number>> | null;
  readonly violation: number | null;
  readonly error: TrialError | null;
  /** Last reported step, 0 without reports. */
  readonly step: number;
}

/** What has to be said and done once the transaction is committed. */
export interface Aftermath {
  readonly stops: StopOrder[];
  /** Run id → highest event number that its worker may forget. */
  readonly acknowledged: Map<string, number>;
  /** Trials that ended in this transaction. */
  readonly finished: FinishedNow[];
  /** Numbers of trials with a new checkpoint. */
  readonly saved: Set<number>;
  /** Jobs that are taken out of the queue, as far as no worker has them yet. */
  readonly withdrawn: string[];
  /** The sweep's listing says something new to its workers. */
  relist: boolean;
  /** Lines for people. */
  readonly notices: string[];
}

export function newAftermath(): Aftermath {
  return {
    stops: [],
    acknowledged: new Map(),
    finished: [],
    saved: new Set(),
    withdrawn: [],
    relist: false,
    notices: [],
  };
}
