import { z } from 'zod';
import { CLASSIFICATION_SCORES, REGRESSION_SCORES } from './metrics.ts';

/** Scores that are better when smaller. */
const ERRORS = ['loss', 'log_loss', 'ece', 'mse', 'rmse', 'mae', 'mape'];
const MONITORED = ['loss', ...CLASSIFICATION_SCORES, ...REGRESSION_SCORES].map((name) => `val_${name}`);

export const earlyStoppingSchema = z
  .strictObject({
    metric: z.enum(MONITORED).default('val_loss').describe('What has to improve, one of what is measured.'),
    patience: z.number().int().min(0).default(5).describe('Epochs without progress that are borne.'),
    min_delta: z.number().min(0).default(0).describe('What counts as progress is more than this.'),
    restore_best: z
      .boolean()
      .default(true)
      .describe(
        'At the end the weights of the best epoch come back, and its metrics are those of the trial (also where it ends ' +
          'at `epochs`).',
      ),
  })
  .describe('Ends a trial that makes no more progress: it is complete at the epoch that it reached.');
export type EarlyStoppingSpec = z.output<typeof earlyStoppingSchema>;

/** Whether less of a monitored metric is better. */
export function isBetterWhenSmaller(metric: string): boolean {
  return ERRORS.includes(metric.replace(/^val_/, ''));
}
