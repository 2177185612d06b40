import { z } from 'zod';
import { datasetSchema } from './dataset.ts';
import { earlyStoppingSchema } from './early-stopping.ts';
import { classWeightsSchema, lossSchema } from './loss.ts';
import { metricsSchema } from './metrics.ts';
import { modelSchema } from './model.ts';
import { type AveragingSpec, optimizerSchema } from './optimizer.ts';
import { positiveInt } from './scalars.ts';
import { checkTask } from './task.ts';

export { type EarlyStoppingSpec, isBetterWhenSmaller } from './early-stopping.ts';
export type { LayerStyle } from './layer-style.ts';
export { type ClassWeights, type LossInput, type LossSpec, lossMisfit, lossSchema } from './loss.ts';
export * from './metrics.ts';
export { type AveragingSpec, type OptimizerInput, type OptimizerSpec, optimizerSchema } from './optimizer.ts';
export type { ScheduleSpec } from './schedule.ts';
export { taskMisfits } from './task.ts';

/**
 * The declarative trainer: what a sweep file may say under `trainer:` instead of naming a module. Before it is parsed
 * by this schema, `$references` are replaced by the trial's parameters (references.ts), so the schema sees plain values.
 */

export const trainerSpecSchema = z
  .strictObject({
    task: z
      .enum(['multiclass', 'binary', 'regression'])
      .optional()
      .describe('Left out: multiclass for mnist, inferred from the target column for a CSV.'),
    dataset: datasetSchema,
    model: modelSchema,
    optimizer: optimizerSchema.prefault({}).describe('How it is trained.'),
    loss: lossSchema.optional(),
    class_weights: classWeightsSchema.optional(),
    metrics: metricsSchema.optional(),
    early_stopping: earlyStoppingSchema.optional(),
    divergence_factor: z
      .number()
      .gt(1)
      .default(100)
      .describe(
        'A trial is `failed` at once when its loss, over some batches, is this many times what it began with, or is NaN.',
      ),
    batch_size: positiveInt.max(65_536).default(32).describe('Samples per step of the optimizer.'),
    epochs: positiveInt
      .optional()
      .describe('`fidelity.max` when fidelity counts epochs; one of the two is required.'),
  })
  .superRefine(checkTask)
  .superRefine(checkAveraging);

function checkAveraging(
  {
    model,
    optimizer,
  }: { model: { normalization: string }; optimizer: { averaging?: AveragingSpec | undefined } },
  context: z.RefinementCtx,
): void {
  if (optimizer.averaging?.type !== 'swa' || model.normalization !== 'batch') return;
  context.addIssue({
    code: 'custom',
    path: ['optimizer', 'averaging', 'type'],
    message:
      'no `swa` with `normalization: batch`, whose statistics would be those of other weights (use `normalization: layer`, or `ema`)',
  });
}

/** A resolved declarative trainer: no references, defaults filled in. */
export type ResolvedTrainerSpec = z.output<typeof trainerSpecSchema>;

/** As the sweep file has it: any value may be a `$reference`. Parse with `trainerSpecSchema` once resolved. */
export type TrainerSpec = Readonly<Record<string, unknown>>;
