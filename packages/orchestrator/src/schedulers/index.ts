import type { SchedulerConfig } from '../config/sweep-config.ts';
import { createAsha } from './asha.ts';
import { createHyperband } from './hyperband.ts';
import { createMedian } from './median.ts';
import type { Scheduler } from './scheduler.ts';

/** @param maxStep steps of a whole trial, where the config's scheduler does not say it. */
export function createScheduler(config: SchedulerConfig, maxStep: number | null): Scheduler {
  switch (config.type) {
    case 'asha':
      return createAsha({ ...config, maxIter: config.maxIter ?? maxStep });
    case 'hyperband':
      return createHyperband({ ...config, maxIter: config.maxIter ?? maxStep });
    case 'median':
      return createMedian(config);
  }
}
