import type { SweepConfig } from '../config/sweep-config.ts';
import type { StudyOptions } from './types.ts';

/** The part of a sweep's config that the search needs. */
export function studyOptions(config: SweepConfig): StudyOptions {
  return {
    parameters: config.parameters,
    metric: config.metric,
    otherMetrics: config.otherMetrics,
    method: config.method,
    sampler: config.sampler,
    scheduler: config.earlyTerminate,
    terminate: config.terminate ?? null,
    seed: config.seed,
    runCap: config.runCap,
    maxStep: config.fidelity?.max ?? null,
    points: config.warmStart.points,
    fixed: config.fixed,
    lag: config.reproducible?.lag ?? null,
  };
}
