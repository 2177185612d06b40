import type { FidelityConfig, SweepConfig } from '../config/sweep-config.ts';
import type { TrialRow } from '../store/types.ts';

export interface SavedSteps {
  readonly saved: number;
  /** What all complete and pruned trials would have cost in full. */
  readonly full: number;
  readonly unit: FidelityConfig['unit'];
}

/** What early stopping spared: the steps that pruned trials did not train. null without fidelity. */
export function savedSteps(
  config: Pick<SweepConfig, 'fidelity'>,
  trials: readonly TrialRow[],
): SavedSteps | null {
  if (config.fidelity === null) return null;
  const { max, unit } = config.fidelity;
  let saved = 0;
  let full = 0;
  for (const { state, step } of trials) {
    if (state === 'pruned') saved += Math.max(0, max - step);
    if (state === 'pruned' || state === 'complete') full += max;
  }
  return { saved, full, unit };
}
