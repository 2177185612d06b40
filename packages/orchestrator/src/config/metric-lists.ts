import type { MetricConfig, SweepConfig } from './sweep-config.ts';

type Metrics = Pick<SweepConfig, 'metric' | 'otherMetrics'>;

/** What is optimised, the first one first. */
export function objectivesOf({ metric, otherMetrics }: Metrics): MetricConfig[] {
  return [metric, ...otherMetrics.filter((other) => 'goal' in other)];
}
