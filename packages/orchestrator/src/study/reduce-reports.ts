import type { MetricConfig } from '../config/sweep-config.ts';
import type { StudyTrial } from './types.ts';

/** What a trial's reports come to: `metric.reduce`. NaN without reports. */
export function reduceReports(
  reports: StudyTrial['reports'],
  reduce: MetricConfig['reduce'],
  goal: MetricConfig['goal'],
): number {
  switch (reduce.type) {
    case 'last':
      return reports.at(-1)?.value ?? Number.NaN;
    case 'best': {
      const better = goal === 'minimize' ? Math.min : Math.max;
      return reports.reduce(
        (best, { value }) => (Number.isNaN(best) ? value : Number.isNaN(value) ? best : better(best, value)),
        Number.NaN,
      );
    }
    case 'mean_last': {
      const last = reports.slice(-reduce.k);
      return last.reduce((sum, { value }) => sum + value, 0) / last.length;
    }
  }
}
