import { z } from 'zod';

/** How the learning rate moves while a trial trains; `learning_rate` is the highest one. Times are epochs. */

const warmup = z
  .number()
  .min(0)
  .max(10_000)
  .default(0)
  .describe('Epochs, or a part of one, in which the learning rate rises evenly from nearly 0.');
const share = (what: string, value: number) =>
  z.number().min(0).max(1).default(value).describe(`${what}, as a share of \`learning_rate\`.`);

const constant = z
  .strictObject({ type: z.literal('constant').describe('The same all the time, after the warm-up.'), warmup })
  .meta({ title: 'constant' });

const step = z
  .strictObject({
    type: z.literal('step').describe('Multiplied by `factor` every so many epochs.'),
    every: z.number().int().min(1).default(10).describe('Epochs between two steps.'),
    factor: z.number().gt(0).lt(1).default(0.1).describe('What each step multiplies by.'),
    warmup,
  })
  .meta({ title: 'step' });

const exponential = z
  .strictObject({
    type: z.literal('exponential').describe('Falls evenly in the logarithm.'),
    factor: z.number().gt(0).lt(1).default(0.95).describe('What an epoch multiplies by.'),
    warmup,
  })
  .meta({ title: 'exponential' });

const cosine = z
  .strictObject({
    type: z.literal('cosine').describe('Half a cosine, from `learning_rate` to `final` at the last step.'),
    final: share('Where it ends', 0),
    warmup,
  })
  .meta({ title: 'cosine' });

const oneCycle = z
  .strictObject({
    type: z
      .literal('one_cycle')
      .describe('Rises to `learning_rate` and falls far below where it began (Smith and Topin, 2018).'),
    rise: z.number().gt(0).lt(1).default(0.3).describe('Share of the training in which it rises.'),
    start: share('Where it begins', 0.04),
    final: share('Where it ends', 4e-6),
  })
  .meta({ title: 'one_cycle' });

const plateau = z
  .strictObject({
    type: z.literal('plateau').describe('Multiplied by `factor` when `val_loss` has not fallen for a while.'),
    factor: z.number().gt(0).lt(1).default(0.1).describe('What it is multiplied by.'),
    patience: z.number().int().min(0).default(10).describe('Epochs without progress that are borne.'),
    threshold: z
      .number()
      .min(0)
      .lt(1)
      .default(1e-4)
      .describe('Progress is a loss below the best one by more than this share of it.'),
    warmup,
  })
  .meta({ title: 'plateau' });

export const scheduleSchema = z
  .discriminatedUnion('type', [constant, step, exponential, cosine, oneCycle, plateau])
  .describe('How the learning rate moves; it stays where it is when left out.');

export type ScheduleSpec = z.output<typeof scheduleSchema>;
