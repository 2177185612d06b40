import type { ConstraintConfig, MetricConfig, SweepConfig } from './sweep-config.ts';

type Metrics = Pick<SweepConfig, 'metric' | 'otherMetrics'>;

/** All metrics, the first objective first. */
export function metricsOf({ metric, otherMetrics }: Metrics): Array<MetricConfig | ConstraintConfig> {
  return [metric, ...otherMetrics];
}

export function objectivesOf(config: Metrics): MetricConfig[] {
  return metricsOf(config).filter((metric): metric is MetricConfig => 'goal' in metric);
}

export function constraintsOf(config: Metrics): ConstraintConfig[] {
  return metricsOf(config).filter((metric): metric is ConstraintConfig => !('goal' in metric));
}
