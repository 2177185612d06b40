import type { ConstraintConfig, MetricConfig, SweepConfig } from '../config/sweep-config.ts';
import type { TrialRow } from '../store/types.ts';

/** What several metrics say of a trial. */
export interface SweepOutcome {
  readonly trial: TrialRow;
  /** One per objective, in the order of the sweep file, lower is better. */
  readonly losses: readonly number[];
  /** One per constraint: above 0 where it is violated. */
  readonly violations: readonly number[];
}

/** The metrics of a sweep: the first objective, then further ones and constraints. */
export type SweepMetrics = Pick<SweepConfig, 'metric' | 'otherMetrics'>;

export function isObjective(metric: MetricConfig | ConstraintConfig): metric is MetricConfig {
  return 'goal' in metric;
}

/** Names of the objectives, in the order of a `SweepOutcome`'s losses. */
export function objectiveNames({ metric, otherMetrics }: SweepMetrics): string[] {
  return [metric, ...otherMetrics.filter(isObjective)].map(({ name }) => name);
}

/**
 * Complete trials that have a number for every objective and constraint, in the order in which they ended. The first
 * metric is the trial's value.
 */
export function sweepOutcomes(
  { metric, otherMetrics }: SweepMetrics,
  trials: readonly TrialRow[],
): SweepOutcome[] {
  const outcomes = trials.flatMap((trial): SweepOutcome[] => {
    if (trial.state !== 'complete' || trial.value === null) return [];
    const losses = [lossOf(metric, trial.value)];
    const violations: number[] = [];
    for (const other of otherMetrics) {
      const value = resultIn(trial, other.name) ?? Number.NaN;
      if (isObjective(other)) losses.push(lossOf(other, value));
      else violations.push(violationOf(other, value));
    }
    return [...losses, ...violations].some(Number.isNaN) ? [] : [{ trial, losses, violations }];
  });
  return outcomes.sort(
    (a, b) => (a.trial.finishedAt ?? 0) - (b.trial.finishedAt ?? 0) || a.trial.number - b.trial.number,
  );
}

/** The trial's result in a metric, reduced where the sweep's file says how, else what it last reported or returned. */
export function resultIn({ values, metrics }: TrialRow, metric: string): number | null {
  return values?.[metric] ?? metrics[metric] ?? null;
}

function lossOf({ goal }: MetricConfig, value: number): number {
  return goal === 'minimize' ? value : -value;
}

function violationOf({ min, max }: ConstraintConfig, value: number): number {
  return Math.max(
    min === null ? Number.NEGATIVE_INFINITY : min - value,
    max === null ? Number.NEGATIVE_INFINITY : value - max,
  );
}
