import type { TrialLosses } from './trial-losses.ts';

/** When a scheduler looks at a trial: every `intervalSteps` steps from `warmupSteps` on. */
export interface CheckSteps {
  /** No trial is stopped before this step. */
  readonly warmupSteps: number;
  /** At least 1. */
  readonly intervalSteps: number;
}

/**
 * Whether the trial is looked at in the report of this step: at a check step, or at the first report behind one
 * (Optuna's `n_warmup_steps` and `interval_steps`).
 */
export function isChecked(
  step: number,
  trial: TrialLosses,
  { warmupSteps, intervalSteps }: CheckSteps,
): boolean {
  if (step < warmupSteps) return false;
  if (intervalSteps === 1) return true;
  const check = Math.floor((step - warmupSteps) / intervalSteps) * intervalSteps + warmupSteps;
  return trial.stepBefore(step) < check;
}
