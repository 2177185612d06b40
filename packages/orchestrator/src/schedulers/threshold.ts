import { type CheckSteps, isChecked } from './check-steps.ts';
import type { LossReport, Scheduler } from './scheduler.ts';
import { OpenLosses } from './trial-losses.ts';

export interface ThresholdOptions extends CheckSteps {
  /** Bounds of the metric in its own sign; null: none on that side. */
  readonly lower: number | null;
  readonly upper: number | null;
}

/**
 * Stops a trial that reports a value outside of the bounds, or none that is finite (Optuna's `ThresholdPruner`).
 * @param sign -1 where the metric is maximised, so that losses are its negatives.
 */
export function createThreshold(options: ThresholdOptions, sign: 1 | -1): Scheduler {
  const open = new OpenLosses();

  function onReport({ number, step, loss }: LossReport): string | null {
    const trial = open.record(number, step, loss);
    if (!isChecked(step, trial, options)) return null;
    const { lower, upper } = options;
    if (loss === Number.POSITIVE_INFINITY) return `threshold: its value at step ${step} is not finite`;
    const value = sign * loss;
    if (lower !== null && value < lower) return `threshold: ${value} at step ${step} is below ${lower}`;
    if (upper !== null && value > upper) return `threshold: ${value} at step ${step} is above ${upper}`;
    return null;
  }

  return { name: 'threshold', onReport, onEnd: (number) => void open.close(number) };
}
