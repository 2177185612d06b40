import type { Metrics } from './read-metrics.ts';

/** For JSON, which has no NaN and no infinities: they travel as text. */
export function encodeMetrics(metrics: Metrics): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [name, Number.isFinite(value) ? value : String(value)]),
  );
}
