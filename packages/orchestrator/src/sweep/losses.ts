import type { SweepTransaction } from '../store/types.ts';
import type { Aftermath } from './aftermath.ts';
import type { Fleet } from './fleet.ts';
import { type OpenTrial, type OpenTrials, requeue } from './open-trials.ts';
import { keepClock, lastSeen } from './run-clock.ts';
import type { TrialEnds } from './trial-ends.ts';

/** A trial whose worker was lost this often, while other workers lived, kills its workers. */
const MAX_LOSSES = 3;
/** Beyond the grace times of the worker itself: then the loop no longer waits for it. */
export const STOP_DEADLINE_MS = 10_000;

export interface LossesParts {
  readonly stopGraceMs: number;
  readonly fleet: Fleet;
  readonly trials: OpenTrials;
  readonly ends: TrialEnds;
}

/** Runs that nobody hears of any more, and those that should long have ended. */
export class Losses {
  readonly #parts: LossesParts;

  constructor(parts: LossesParts) {
    this.#parts = parts;
  }

  /** Only where the stream is read to its end. */
  drop(tx: SweepTransaction, now: number, after: Aftermath): void {
    const { fleet, trials, ends } = this.#parts;
    for (const trial of trials.in('running')) {
      const reason = this.#lossOf(trial, now);
      if (reason === null) continue;
      if (fleet.hasGreeted(trial.workerId) && fleet.workers(now).length > 0) trial.losses += 1;
      if (trial.losses >= MAX_LOSSES) {
        const message = `kills its worker: ${trial.losses} workers died while they trained it`;
        const error = { kind: 'crash' as const, message };
        ends.end(tx, trial, { state: 'failed', reason: message, error }, now, after);
        continue;
      }
      after.notices.push(`trial ${trial.number}: ${reason}; it is tried again`);
      keepClock(tx, trial);
      tx.endAttempt(trial.number, trial.attempt, { outcome: 'lost', reason, at: lastSeen(trial) });
      // The old run may still live behind a broken network: its next report is answered with this.
      after.stops.push({ trial: trial.number, attempt: trial.attempt, runId: trial.runId, reason });
      requeue(trial, now);
    }
    for (const trial of trials.in('closing')) {
      if (this.isOverdue(trial, now) || this.#lossOf(trial, now) !== null) trials.remove(trial.number);
    }
  }

  #lossOf({ number, attempt, runId, workerId }: OpenTrial, now: number): string | null {
    if (runId === null || workerId === null) return null;
    return this.#parts.fleet.lossOf({ number, attempt, runId, workerId }, now);
  }

  /** It was told to stop, and had all the time for it. */
  isOverdue(trial: OpenTrial, now: number): boolean {
    const graceMs = 2 * this.#parts.stopGraceMs + STOP_DEADLINE_MS;
    return trial.stoppingSince !== null && now - trial.stoppingSince > graceMs;
  }
}
