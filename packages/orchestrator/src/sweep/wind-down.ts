import { jobId } from '../protocol/job.ts';
import type { SweepTransaction } from '../store/types.ts';
import type { Aftermath } from './aftermath.ts';
import type { Losses } from './losses.ts';
import type { OpenTrials } from './open-trials.ts';
import type { TrialEnds } from './trial-ends.ts';

export interface WindDownParts {
  readonly sweep: string;
  readonly trials: OpenTrials;
  readonly losses: Losses;
  readonly ends: TrialEnds;
}

/** Nothing new; what waits is stopped now, what runs is told to stop and heard to its end. */
export function windDown(
  { sweep, trials, losses, ends }: WindDownParts,
  reason: string,
  tx: SweepTransaction,
  now: number,
  after: Aftermath,
): void {
  for (const trial of [...trials.all()]) {
    if (trial.phase === 'paused') {
      ends.end(tx, trial, { state: 'pruned', reason: `not promoted from step ${trial.step}` }, now, after);
    } else if (trial.phase === 'queued' || (trial.phase === 'running' && losses.isOverdue(trial, now))) {
      if (trial.attempt > 0) after.withdrawn.push(jobId(sweep, trial.number, trial.attempt));
      ends.end(tx, trial, { state: 'stopped', reason }, now, after);
    } else if (trial.phase === 'running' && trial.stoppingSince === null) {
      trial.stoppingSince = now;
      after.stops.push({ trial: trial.number, attempt: trial.attempt, runId: trial.runId, reason });
    }
  }
}
