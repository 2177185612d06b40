import { dominates, hypervolume, isFeasible, type Losses, referencePoint } from '../objectives/index.ts';
import type { TrialRow } from '../store/types.ts';
import { type SweepMetrics, sweepOutcomes } from './sweep-outcomes.ts';

export interface HypervolumePoint {
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly finishedAt: number | null;
  /** Of the front of this trial and all that completed before it; it never falls. */
  readonly hypervolume: number;
}

export interface HypervolumeHistory {
  /** One per objective, as losses: those that are maximised have the other sign. */
  readonly reference: readonly number[];
  readonly points: readonly HypervolumePoint[];
}

/**
 * The hypervolume after each complete trial, in the order in which they ended. Trials that violate a constraint have
 * a point but add nothing.
 * @param reference as losses. @default a tenth of the range beyond the worst of all feasible trials: with more trials
 * it may move, and histories of two sweeps can only be compared under one that is given.
 */
export function hypervolumeHistory(
  metrics: SweepMetrics,
  trials: readonly TrialRow[],
  reference?: readonly number[],
): HypervolumeHistory {
  const outcomes = sweepOutcomes(metrics, trials);
  const feasible = outcomes.filter(({ violations }) => isFeasible(violations)).map(({ losses }) => losses);
  const corner = reference ?? (feasible.length === 0 ? [] : referencePoint(feasible));
  let front: Losses[] = [];
  let volume = 0;
  const points = outcomes.map(({ trial, losses, violations }) => {
    const isNew =
      isFeasible(violations) && !front.some((other) => dominates(other, losses) || isSame(other, losses));
    if (isNew) {
      front = [...front.filter((other) => !dominates(losses, other)), losses];
      volume = hypervolume(front, corner);
    }
    return { number: trial.number, finishedAt: trial.finishedAt, hypervolume: volume };
  });
  return { reference: corner, points };
}

function isSame(a: Losses, b: Losses): boolean {
  for (let m = 0; m < a.length; m++) if (a[m] !== b[m]) return false;
  return true;
}
