import type { TrialRow } from '../../store/types.ts';

/** Trials that ran to an end by themselves (complete, pruned or failed), in the order in which they ended. */
export function endedTrials(trials: readonly TrialRow[]): TrialRow[] {
  return trials
    .filter(
      ({ state, finishedAt }) =>
        finishedAt !== null && (state === 'complete' || state === 'pruned' || state === 'failed'),
    )
    .sort((a, b) => a.finishedAt! - b.finishedAt! || a.number - b.number);
}

/** Lower is better; Infinity where the trial has no result, or one that breaks a constraint. */
export function lossOf({ state, value, violation }: TrialRow, goal: 'minimize' | 'maximize'): number {
  if (violation !== null && violation > 0) return Number.POSITIVE_INFINITY;
  if (state !== 'complete' || value === null || Number.isNaN(value)) return Number.POSITIVE_INFINITY;
  return goal === 'minimize' ? value : -value;
}
