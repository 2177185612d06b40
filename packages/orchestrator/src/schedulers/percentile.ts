import { type CheckSteps, isChecked } from './check-steps.ts';
import type { LossReport, Scheduler } from './scheduler.ts';
import { SortedLosses } from './sorted-losses.ts';
import { OpenLosses } from './trial-losses.ts';

export interface PercentileOptions extends CheckSteps {
  /** 0..100: a trial goes on while its best is among so many per cent of the best. 50 is the median rule. */
  readonly percentile: number;
  /** Complete trials before any is stopped. */
  readonly startupTrials: number;
  /** Complete trials that must have reported a step before a trial is stopped there; at least 1. */
  readonly minTrials: number;
}

/**
 * Stops a trial whose best loss so far is worse than a percentile of what the complete trials measured at the same step
 * (Optuna's `PercentilePruner`). A trial that has no finite loss stops as well.
 */
export function createPercentile(options: PercentileOptions): Scheduler {
  return stopBehindPercentile('percentile', `the best ${options.percentile} %`, options);
}

export interface MedianOptions {
  /** Complete trials before any is stopped. */
  readonly startupTrials: number;
  /** No trial is stopped before this step. */
  readonly warmupSteps: number;
}

/**
 * The percentile rule at 50: Optuna's `MedianPruner`; D. Golovin et al., "Google Vizier", KDD 2017, section 3.2.2.
 */
export function createMedian(options: MedianOptions): Scheduler {
  return stopBehindPercentile('median', 'the median', {
    ...options,
    percentile: 50,
    intervalSteps: 1,
    minTrials: 1,
  });
}

function stopBehindPercentile(name: string, bar: string, options: PercentileOptions): Scheduler {
  const { percentile, startupTrials, minTrials } = options;
  const open = new OpenLosses();
  const atStep = new Map<number, SortedLosses>();
  let complete = 0;

  function onReport({ number, step, loss }: LossReport): string | null {
    const trial = open.record(number, step, loss);
    if (complete === 0 || complete < startupTrials || !isChecked(step, trial, options)) return null;
    if (trial.best === Number.POSITIVE_INFINITY) return `${name}: no finite value up to step ${step}`;
    const others = atStep.get(step);
    if (others === undefined || others.size < minTrials || trial.best <= others.percentile(percentile))
      return null;
    return `${name}: at step ${step} its best is worse than ${bar} of ${others.size} trials`;
  }

  function keep(step: number, loss: number): void {
    let losses = atStep.get(step);
    if (losses === undefined) {
      losses = new SortedLosses();
      atStep.set(step, losses);
    }
    losses.add(loss);
  }

  return {
    name,
    onReport,
    onEnd: (number, state) => {
      const trial = open.close(number);
      if (state !== 'complete') return;
      complete++;
      if (trial !== undefined) for (const [step, loss] of trial.entries()) keep(step, loss);
    },
  };
}
