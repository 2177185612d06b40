import type { TrialRow } from '../store/types.ts';

/** The value of one of the sweep's metrics after reduction; null where the trial is not complete. */
export function metricValue(
  trial: Pick<TrialRow, 'value' | 'values'>,
  config: { readonly metric: { readonly name: string } },
  name: string,
): number | null {
  return name === config.metric.name ? trial.value : (trial.values?.[name] ?? null);
}
