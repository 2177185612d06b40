import type { LossReport, Scheduler } from './scheduler.ts';
import { SortedLosses } from './sorted-losses.ts';
import { OpenLosses } from './trial-losses.ts';

export interface MedianOptions {
  /** Complete trials before any is stopped. */
  readonly startupTrials: number;
  /** No trial is stopped before this step. */
  readonly warmupSteps: number;
}

/**
 * Stops a trial whose best loss so far is worse than the median of what the complete trials measured at the same step
 * (Optuna's `MedianPruner`; D. Golovin et al., "Google Vizier", KDD 2017, section 3.2.2).
 */
export function createMedian({ startupTrials, warmupSteps }: MedianOptions): Scheduler {
  const open = new OpenLosses();
  const atStep = new Map<number, SortedLosses>();
  let complete = 0;

  function onReport({ number, step, loss }: LossReport): string | null {
    const trial = open.record(number, step, loss);
    if (complete < startupTrials || step < warmupSteps) return null;
    const others = atStep.get(step);
    if (others === undefined || trial.best <= others.median()) return null;
    return `median: at step ${step} its best is worse than the median of ${others.size} trials`;
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
    name: 'median',
    onReport,
    onEnd: (number, state) => {
      const trial = open.close(number);
      if (state !== 'complete') return;
      complete++;
      if (trial !== undefined) for (const [step, loss] of trial.entries()) keep(step, loss);
    },
  };
}
