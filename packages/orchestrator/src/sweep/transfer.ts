import { metricValue } from '../analysis/metric-value.ts';
import { objectivesOf } from '../config/metric-lists.ts';
import type { SweepConfig } from '../config/sweep-config.ts';
import type { EarlierSweep, SweepRow, TrialRow } from '../store/types.ts';

/** What a new sweep takes over from an earlier one, and what people should know of it. */
export interface Transfer extends EarlierSweep {
  readonly notes: readonly string[];
}

/**
 * The complete trials of an earlier sweep that keep its constraints, as losses: by the metric of the new sweep's name
 * where that one had it, else by its first; by that sweep's own goal.
 */
export function transferFrom(config: SweepConfig, earlier: SweepRow, trials: readonly TrialRow[]): Transfer {
  const objectives = objectivesOf(earlier.config);
  const metric = objectives.find(({ name }) => name === config.metric.name) ?? earlier.config.metric;
  const taken = trials.flatMap((trial) => {
    const value = metricValue(trial, earlier.config, metric.name);
    if (value === null || trial.violation !== 0) return [];
    return [{ params: trial.params, loss: metric.goal === 'maximize' ? -value : value }];
  });
  const source = `warm_start.sweeps: ${earlier.name}`;
  const notes: string[] = [];
  if (metric.name !== config.metric.name || metric.goal !== config.metric.goal) {
    notes.push(
      `${source} was about ${metric.name} (${metric.goal}), this sweep is about ${config.metric.name} (${config.metric.goal}); its trials are ranked by its own goal.`,
    );
  }
  const shared = new Set(earlier.config.parameters.map(({ name }) => name));
  if (!config.parameters.some(({ name }) => shared.has(name)))
    notes.push(`${source} has no parameter of this sweep's names; nothing can be learnt from it.`);
  if (taken.length === 0) notes.push(`${source} has no complete trials to learn from.`);
  return { name: earlier.name, trials: taken, notes };
}
