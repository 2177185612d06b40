import type { SweepConfig } from '../../config/sweep-config.ts';
import type { SweepTransaction } from '../index.ts';
import { runTrial, startTrial } from './sample-sweeps.ts';

const last = { type: 'last' } as const;

/** Accuracy up, size down, latency at most 10. */
export const SEVERAL_METRICS: Pick<SweepConfig, 'metric' | 'otherMetrics'> = {
  metric: { name: 'val_accuracy', goal: 'maximize', target: null, reduce: last },
  otherMetrics: [
    { name: 'size', goal: 'minimize', target: null, reduce: last },
    { name: 'latency', min: null, max: 10, reduce: last },
  ],
};

/** A complete trial of such a sweep. */
export function completeTrial(
  tx: SweepTransaction,
  number: number,
  [val_accuracy, size, latency]: readonly [accuracy: number, size: number, latency: number],
): void {
  startTrial(tx, number);
  const values = { val_accuracy, size, latency };
  tx.finishTrial(number, {
    state: 'complete',
    value: val_accuracy,
    results: values,
    violation: Math.max(0, latency - 10),
    values,
    at: 1_000 * (number + 2),
  });
}

/**
 * Nine trials. The front is 3, 1, 0; behind it 4, then 5; 6 and 2 break the constraint, 2 by more; 7 is pruned, 8 runs.
 */
export function nineTrials(tx: SweepTransaction): void {
  completeTrial(tx, 0, [0.5, 5, 1]);
  completeTrial(tx, 1, [0.7, 8, 10]);
  completeTrial(tx, 2, [0.99, 1, 13]);
  completeTrial(tx, 3, [0.9, 9, 1]);
  completeTrial(tx, 4, [0.8, 9, 1]);
  completeTrial(tx, 5, [0.6, 9, 1]);
  completeTrial(tx, 6, [0.1, 99, 12]);
  runTrial(tx, 7, { metrics: [0.95], end: 'pruned' });
  startTrial(tx, 8);
}

export const ORDER_OF_NINE = [3, 1, 0, 4, 5, 6, 2, 7, 8];
