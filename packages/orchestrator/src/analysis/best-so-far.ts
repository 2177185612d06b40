import type { TrialRow } from '../store/types.ts';

export interface BestSoFarPoint {
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly finishedAt: number;
  readonly value: number;
  /** The best value of this trial and all that completed before it. */
  readonly best: number;
}

/** The curve of a search: one point per complete trial that keeps the constraints, in the order in which they ended. */
export function bestSoFar(trials: readonly TrialRow[], goal: 'minimize' | 'maximize'): BestSoFarPoint[] {
  const complete = trials.flatMap(({ number, value, violation, finishedAt }) =>
    value === null || finishedAt === null || (violation ?? 0) > 0 ? [] : [{ number, value, finishedAt }],
  );
  complete.sort((a, b) => a.finishedAt - b.finishedAt || a.number - b.number);
  const better = goal === 'minimize' ? Math.min : Math.max;
  let best = goal === 'minimize' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return complete.map((trial) => {
    best = better(best, trial.value);
    return { ...trial, best };
  });
}
