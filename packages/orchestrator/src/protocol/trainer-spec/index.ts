import { z } from 'zod';
import { datasetSchema } from './dataset.ts';
import { classWeightsSchema, lossSchema } from './loss.ts';
import { metricsSchema } from './metrics.ts';
import { modelSchema } from './model.ts';
import { optimizerSchema } from './optimizer.ts';
import { positiveInt } from './scalars.ts';
import { checkTask } from './task.ts';

export { type ClassWeights, type LossInput, type LossSpec, lossMisfit, lossSchema } from './loss.ts';
export * from './metrics.ts';
export { type OptimizerInput, type OptimizerSpec, optimizerSchema } from './optimizer.ts';
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
    batch_size: positiveInt.max(65_536).default(32).describe('Samples per step of the optimizer.'),
    epochs: positiveInt
      .optional()
      .describe('`fidelity.max` when fidelity counts epochs; one of the two is required.'),
  })
  .superRefine(checkTask);

/** A resolved declarative trainer: no references, defaults filled in. */
export type ResolvedTrainerSpec = z.output<typeof trainerSpecSchema>;

/** As the sweep file has it: any value may be a `$reference`. Parse with `trainerSpecSchema` once resolved. */
export type TrainerSpec = Readonly<Record<string, unknown>>;
