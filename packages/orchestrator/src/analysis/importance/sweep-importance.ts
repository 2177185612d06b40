import type { SweepConfig } from '../../config/sweep-config.ts';
import { nondominatedRanks, scaledViolations, violationScales } from '../../objectives/index.ts';
import type { TrialRow } from '../../store/types.ts';
import type { AnalysedTrial } from '../analysed-trials.ts';
import { isObjective, resultIn, sweepOutcomes } from '../sweep-outcomes.ts';
import { type Importance, type ImportanceMethod, parameterImportance } from './importance.ts';
import { pedAnovaImportance } from './ped-anova.ts';

export interface SweepImportanceOptions {
  readonly method: ImportanceMethod;
  /** Name of a metric that the trials have. */
  readonly metric: string;
  readonly goal: 'minimize' | 'maximize';
}

export interface SweepImportance extends Importance {
  /** null: for the Pareto front of all objectives. */
  readonly metric: string | null;
  /** null for the front. */
  readonly goal: 'minimize' | 'maximize' | null;
  /** Of `trials`, those that were pruned. */
  readonly pruned: number;
}

/**
 * Importance of a sweep's parameters for one of its metrics, from its complete trials. With PED-ANOVA and the metric by
 * which trials are pruned, pruned trials count as well: behind every complete one, the earlier pruned the farther, so
 * that what early stopping has sorted out is not forgotten. fANOVA takes values as they are, and a value after fewer
 * steps is another quantity.
 */
export function sweepImportance(
  config: Pick<SweepConfig, 'metric' | 'otherMetrics' | 'parameters' | 'seed'>,
  trials: readonly TrialRow[],
  { method, metric, goal }: SweepImportanceOptions,
): SweepImportance {
  const isMain = metric === config.metric.name;
  const complete = trials
    .filter(({ state }) => state === 'complete')
    .map((trial): AnalysedTrial => {
      return { params: trial.params, value: isMain ? trial.value : resultIn(trial, metric) };
    });
  const pruned = isMain && method === 'ped-anova' ? behind(complete, trials, goal) : [];
  const { parameters, seed } = config;
  const found = parameterImportance(parameters, [...complete, ...pruned], { method, goal, seed });
  return { ...found, metric, goal, pruned: pruned.length };
}

/**
 * Importance of a sweep's parameters for being on its Pareto front or next to it, by PED-ANOVA: trials are ordered by the
 * front on which they lie (nondominated ranks), those that break a constraint behind the others by how far they do, and
 * pruned ones behind all. The fronts that make up the best tenth are taken whole, so that with many objectives a large part of
 * the trials may count as best.
 */
export function frontImportance(
  config: Pick<SweepConfig, 'metric' | 'otherMetrics' | 'parameters'>,
  trials: readonly TrialRow[],
): SweepImportance {
  const outcomes = sweepOutcomes(config, trials);
  const scales = violationScales(outcomes);
  const ranks = nondominatedRanks(
    outcomes.map(({ losses }) => losses),
    outcomes.map(({ violations }) => scaledViolations(violations, scales)),
  );
  const rankOf = new Map(outcomes.map(({ trial }, i) => [trial.number, ranks[i]!]));
  const complete = trials
    .filter(({ state }) => state === 'complete')
    .map(({ number, params }): AnalysedTrial => ({ params, value: rankOf.get(number) ?? null }));
  const pruned = behind(complete, trials, 'minimize');
  const found = pedAnovaImportance(config.parameters, [...complete, ...pruned], { goal: 'minimize' });
  return { ...found, metric: null, goal: null, pruned: pruned.length };
}

/** The goal of a metric that the sweep optimises; null for one that it only reports. */
export function goalOf(
  { metric, otherMetrics }: Pick<SweepConfig, 'metric' | 'otherMetrics'>,
  name: string,
): 'minimize' | 'maximize' | null {
  return [metric, ...otherMetrics].filter(isObjective).find((one) => one.name === name)?.goal ?? null;
}

/** The pruned trials with values worse than any complete one, ordered by the steps that they reached. */
function behind(
  complete: readonly AnalysedTrial[],
  trials: readonly TrialRow[],
  goal: 'minimize' | 'maximize',
): AnalysedTrial[] {
  const finite = complete.flatMap(({ value }) => (value !== null && Number.isFinite(value) ? [value] : []));
  const pruned = trials.filter(({ state }) => state === 'pruned');
  if (finite.length === 0) return [];
  const sign = goal === 'minimize' ? 1 : -1;
  const worst = finite.reduce((a, b) => Math.max(a, sign * b), Number.NEGATIVE_INFINITY);
  const last = pruned.reduce((most, { step }) => Math.max(most, step), 0);
  // Only the order counts; the gap keeps it where the values are huge.
  const gap = Math.max(1, Math.abs(worst) * 1e-6);
  return pruned.map(({ params, step }) => ({ params, value: sign * (worst + gap * (1 + last - step)) }));
}
