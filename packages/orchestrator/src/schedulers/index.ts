import type { MetricConfig, SchedulerConfig } from '../config/sweep-config.ts';
import { createAsha } from './asha.ts';
import { createAshaPromotion } from './asha-promotion.ts';
import { createHyperband } from './hyperband.ts';
import { createHyperbandBrackets } from './hyperband-brackets.ts';
import { sparingTheLastStep } from './last-step.ts';
import { createPatience } from './patience.ts';
import { createMedian, createPercentile } from './percentile.ts';
import type { Scheduler } from './scheduler.ts';
import { SchedulerOptionError } from './scheduler-option-error.ts';
import { createThreshold } from './threshold.ts';
import { createWilcoxon } from './wilcoxon.ts';

/**
 * The scheduler that a sweep asks for. None stops a trial at its last step.
 * @param maxStep steps of a whole trial, where the config's scheduler does not say it.
 * @param goal of the metric whose losses the scheduler gets.
 */
export function createScheduler(
  config: SchedulerConfig,
  maxStep: number | null,
  goal: MetricConfig['goal'] = 'minimize',
): Scheduler {
  return sparingTheLastStep(choose(config, maxStep, goal, false), maxStep);
}

/** @param everyReport within `patience`, which hears what is said only once it is out. */
function choose(
  config: SchedulerConfig,
  maxStep: number | null,
  goal: MetricConfig['goal'],
  everyReport: boolean,
): Scheduler {
  switch (config.type) {
    case 'asha': {
      const maxIter = config.maxIter ?? maxStep;
      if (config.mode !== 'promotion') return createAsha({ ...config, maxIter, everyReport });
      if (maxIter === null)
        throw new SchedulerOptionError('asha: promotion needs `max_iter`, the steps of a whole trial.');
      return createAshaPromotion({ ...config, maxIter });
    }
    case 'hyperband': {
      const maxIter = config.maxIter ?? maxStep;
      if (config.brackets !== true) return createHyperband({ ...config, maxIter });
      if (maxIter === null)
        throw new SchedulerOptionError('hyperband: `brackets` needs `max_iter`, the steps of a whole trial.');
      return createHyperbandBrackets({ ...config, maxIter, everyReport });
    }
    case 'median':
      return createMedian(config);
    case 'percentile':
      return createPercentile(config);
    case 'patience': {
      const wrapped = config.wraps === null ? null : choose(config.wraps, maxStep, goal, true);
      return createPatience(config, wrapped);
    }
    case 'threshold':
      return createThreshold(config, goal === 'maximize' ? -1 : 1);
    case 'wilcoxon':
      return createWilcoxon(config);
  }
}
