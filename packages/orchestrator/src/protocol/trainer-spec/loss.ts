import { z } from 'zod';

/** What a training makes small. */

const labelSmoothing = z
  .number()
  .min(0)
  .lt(1)
  .default(0)
  .describe('Share of the certainty that is spread evenly over all classes while training.');

const crossEntropy = z
  .strictObject({
    type: z.literal('cross_entropy').describe('Classes: how improbable the truth was to the model.'),
    label_smoothing: labelSmoothing,
  })
  .meta({ title: 'cross_entropy' });

const focal = z
  .strictObject({
    type: z
      .literal('focal')
      .describe(
        'Classes: cross-entropy in which samples that are known well weigh little (Lin et al., 2017).',
      ),
    gamma: z.number().min(0).max(10).default(2).describe('How little; 0 is `cross_entropy`.'),
    label_smoothing: labelSmoothing,
  })
  .meta({ title: 'focal' });

const hinge = z
  .strictObject({
    type: z.literal('hinge').describe('Classes: 0 once the right class is ahead by a margin of 1.'),
  })
  .meta({ title: 'hinge' });

const cosine = z
  .strictObject({
    type: z.literal('cosine').describe('Several classes: 1 minus the cosine between truth and prediction.'),
  })
  .meta({ title: 'cosine' });

const mse = z
  .strictObject({
    type: z.literal('mse').describe('Squared error, of probabilities where there are classes.'),
  })
  .meta({ title: 'mse' });

const mae = z
  .strictObject({
    type: z.literal('mae').describe('Absolute error: learns the median, and bears outliers.'),
  })
  .meta({ title: 'mae' });

const huber = z
  .strictObject({
    type: z.literal('huber').describe('Regression: squared for small errors, absolute for large ones.'),
    delta: z
      .number()
      .gt(0)
      .default(1)
      .describe("Where it changes, in standard deviations of the target's training part."),
  })
  .meta({ title: 'huber' });

const quantile = z
  .strictObject({
    type: z.literal('quantile').describe('Regression: learns what a share of the targets lies below.'),
    quantile: z.number().gt(0).lt(1).default(0.5).describe('That share; 0.5 is the median.'),
  })
  .meta({ title: 'quantile' });

export const lossSchema = z
  .discriminatedUnion('type', [crossEntropy, focal, hinge, cosine, mse, mae, huber, quantile])
  .describe(
    'What the training makes small. Left out: `cross_entropy`, or `mse` in a regression. A search over losses needs a ' +
      'metric other than `val_loss`.',
  );
export type LossSpec = z.output<typeof lossSchema>;
export type LossInput = z.input<typeof lossSchema>;

export const classWeightsSchema = z
  .union([z.literal('balanced'), z.record(z.string(), z.number().min(0).max(1e6))])
  .describe(
    'How much the errors of a class count while training: `balanced` makes all classes count alike, `{ill: 5}` names ' +
      'them (others count 1). Only the ratios matter.',
  );
export type ClassWeights = z.output<typeof classWeightsSchema>;

/** Tasks that each loss is for. */
const FITS: Readonly<Record<LossSpec['type'], readonly string[]>> = {
  cross_entropy: ['binary', 'multiclass'],
  focal: ['binary', 'multiclass'],
  hinge: ['binary', 'multiclass'],
  cosine: ['multiclass'],
  mse: ['binary', 'multiclass', 'regression'],
  mae: ['binary', 'multiclass', 'regression'],
  huber: ['regression'],
  quantile: ['regression'],
};

/** Why a loss has no use in a task; null where it has. */
export function lossMisfit(type: LossSpec['type'], task: string): string | null {
  if (FITS[type].includes(task)) return null;
  const others = Object.entries(FITS)
    .filter(([, tasks]) => tasks.includes(task))
    .map(([name]) => `\`${name}\``);
  return `a loss of ${task} (${others.join(', ')})`;
}
