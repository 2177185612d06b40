import { z } from 'zod';
import { positiveInt } from './scalars.ts';
import { scheduleSchema } from './schedule.ts';

const TYPES = ['sgd', 'momentum', 'nesterov', 'adam', 'adamw', 'adamax', 'rmsprop', 'adagrad'] as const;
type OptimizerType = (typeof TYPES)[number];

const beta = z.number().min(0).lt(1).optional();

const ema = z
  .strictObject({
    type: z.literal('ema').describe('An average that forgets: each step adds a little of the new weights.'),
    decay: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.99)
      .describe('What a step leaves of it; less in the first steps.'),
  })
  .meta({ title: 'ema' });

const swa = z
  .strictObject({
    type: z
      .literal('swa')
      .describe('The mean of the weights at the ends of the last epochs (Izmailov et al., 2018).'),
    start: z.number().min(0).lt(1).default(0.75).describe('Share of the training before the first of them.'),
  })
  .meta({ title: 'swa' });

const averagingSchema = z
  .discriminatedUnion('type', [ema, swa])
  .describe('Weights that are averaged while others train: what is validated, and what is left at the end.');
export type AveragingSpec = z.output<typeof averagingSchema>;

/** Keys that only some optimizers have a use for. */
const USES = {
  momentum: ['sgd', 'momentum', 'nesterov', 'rmsprop'],
  beta1: ['adam', 'adamw', 'adamax'],
  beta2: ['adam', 'adamw', 'adamax'],
  decay: ['rmsprop'],
  epsilon: ['adam', 'adamw', 'adamax', 'rmsprop', 'adagrad'],
} as const satisfies Record<string, readonly OptimizerType[]>;

export const optimizerSchema = z
  .strictObject({
    type: z
      .enum(TYPES)
      .default('adam')
      .describe(
        '`momentum` and `nesterov` are `sgd` with a momentum; `adamw` is `adam` with a `weight_decay`.',
      ),
    learning_rate: z
      .number()
      .gt(0)
      .default(0.001)
      .describe('Step size, more than 0; the highest one where it moves.'),
    momentum: z
      .number()
      .min(0)
      .lt(1)
      .optional()
      .describe('`sgd` and `rmsprop` (0 when left out), `momentum` and `nesterov` (0.9).'),
    beta1: beta.describe('`adam`, `adamw`, `adamax`: decay of the mean of gradients (0.9 when left out).'),
    beta2: beta.describe('`adam`, `adamw`, `adamax`: decay of the mean of their squares (0.999).'),
    decay: beta.describe('`rmsprop`: decay of the mean of squares (0.9).'),
    epsilon: z
      .number()
      .gt(0)
      .optional()
      .describe('All but `sgd` and its kin: added to what is divided by (1e-7).'),
    weight_decay: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe(
        'Share of each kernel that a step takes away, times the learning rate, beside the gradient (decoupled); biases ' +
          'and normalisations keep theirs. `adamw`: 0.01 when left out, others: 0.',
      ),
    schedule: scheduleSchema.optional(),
    clip_norm: z
      .number()
      .gt(0)
      .optional()
      .describe('Gradients are scaled down together where their norm is larger.'),
    clip_value: z
      .number()
      .gt(0)
      .optional()
      .describe('Each number of a gradient is kept within plus and minus this.'),
    max_norm: z
      .number()
      .gt(0)
      .optional()
      .describe(
        'After each step the weights that lead into a unit are scaled down where their norm is larger.',
      ),
    averaging: averagingSchema.optional(),
    accumulate: positiveInt
      .max(10_000)
      .default(1)
      .describe(
        'Batches whose gradients make one step: as a batch that many times as large, in less memory.',
      ),
  })
  .superRefine((spec, context) => {
    for (const [key, types] of Object.entries(USES)) {
      if (spec[key as keyof typeof USES] === undefined) continue;
      if ((types as readonly OptimizerType[]).includes(spec.type)) continue;
      const list = types.map((type) => `\`${type}\``).join(', ');
      const message = `no \`${key}\` with \`${spec.type}\` (it is for ${list}; a parameter for it needs a \`when\`)`;
      context.addIssue({ code: 'custom', path: [key], message });
    }
  });

export type OptimizerSpec = z.output<typeof optimizerSchema>;
export type OptimizerInput = z.input<typeof optimizerSchema>;
