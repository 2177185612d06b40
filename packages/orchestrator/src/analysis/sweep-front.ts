import { isFeasible, paretoFront } from '../objectives/index.ts';
import type { TrialRow } from '../store/types.ts';
import { type SweepMetrics, sweepOutcomes } from './sweep-outcomes.ts';

export interface SweepFront {
  /** The trials that no other one dominates, best in the first objective first. */
  readonly trials: readonly TrialRow[];
  /** False where no trial keeps the constraints: the front then holds those with the least violation. */
  readonly isFeasible: boolean;
}

/** The Pareto front of a sweep. With a single objective: the best trial, and all that equal it. */
export function sweepFront(metrics: SweepMetrics, trials: readonly TrialRow[]): SweepFront {
  const outcomes = sweepOutcomes(metrics, trials);
  const front = paretoFront(
    outcomes.map(({ losses }) => losses),
    outcomes.map(({ violations }) => violations),
  ).map((index) => outcomes[index]!);
  front.sort((a, b) => a.losses[0]! - b.losses[0]! || a.trial.number - b.trial.number);
  return {
    trials: front.map(({ trial }) => trial),
    isFeasible: front.every(({ violations }) => isFeasible(violations)),
  };
}
