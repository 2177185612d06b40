import { isFeasible, referencePoint } from '../../objectives/index.ts';
import type { TrialRow } from '../../store/types.ts';
import { hypervolumeHistory } from '../hypervolume-history.ts';
import { type SweepMetrics, sweepOutcomes } from '../sweep-outcomes.ts';

export interface HypervolumeValues {
  /** Common to all sweeps, as losses; empty where no trial keeps the constraints. */
  readonly reference: readonly number[];
  /** The sweeps' trials; the value of a complete one is the hypervolume that its sweep had reached with it. */
  readonly sweeps: ReadonlyArray<readonly TrialRow[]>;
}

/**
 * Sweeps with several objectives as sweeps with one, which is maximised: the hypervolume of the front so far, up to one
 * reference point for all, a tenth of the range beyond the worst feasible trial of any.
 * @param sweeps all with these metrics
 */
export function hypervolumeValues(
  metrics: SweepMetrics,
  sweeps: ReadonlyArray<readonly TrialRow[]>,
): HypervolumeValues {
  const feasible = sweeps
    .flatMap((trials) => sweepOutcomes(metrics, trials))
    .filter(({ violations }) => isFeasible(violations))
    .map(({ losses }) => losses);
  const reference = feasible.length === 0 ? [] : referencePoint(feasible);
  return {
    reference,
    sweeps: sweeps.map((trials) => {
      const { points } = hypervolumeHistory(metrics, trials, reference);
      const reached = new Map(points.map(({ number, hypervolume }) => [number, hypervolume]));
      return trials.map((trial) => ({ ...trial, value: reached.get(trial.number) ?? null }));
    }),
  };
}
