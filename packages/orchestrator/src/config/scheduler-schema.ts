import { z } from 'zod';
import { about } from './schema-text.ts';

/** `early_terminate`, declaratively: one form per scheduler. */

const atLeastOne = z.number().int().min(1);
const atLeastNone = z.number().int().min(0);

const minIter = atLeastOne
  .optional()
  .meta(about('The first step at which a trial may be stopped.', 'fidelity.min, else 1'));
const maxIter = atLeastOne.optional().meta(about('Steps of a whole trial.', 'fidelity.max'));
const eta = z
  .number()
  .min(2)
  .max(100)
  .optional()
  .meta(about('Of the trials at a rung, one in `eta` goes on.', 3));
const startupTrials = atLeastOne
  .optional()
  .meta(about('Trials that must have completed before one is stopped.', 5));
const warmupSteps = atLeastNone
  .optional()
  .meta(about('No trial is stopped before this step.', 'fidelity.min, else 1'));
const intervalSteps = atLeastOne.optional().meta(about('Steps from one look at a trial to the next.', 1));

const asha = z.strictObject({
  type: z.literal('asha').meta(about('Asynchronous successive halving (Li et al., 2020).')),
  min_iter: minIter,
  max_iter: maxIter,
  eta,
  mode: z
    .enum(['stopping', 'promotion'])
    .optional()
    .meta(
      about(
        '`stopping`: a trial that is not among the best at a rung ends there. `promotion`: every trial pauses at its rung, and ' +
          'the best go on from their checkpoints whenever a slot is free (needs `checkpoints`).',
        'stopping',
      ),
    ),
});

const hyperband = z.strictObject({
  type: z
    .literal('hyperband')
    .meta(
      about("W&B's hyperband; with `brackets: true` the one of its paper (Li et al., 2018), asynchronously."),
    ),
  min_iter: minIter,
  max_iter: maxIter,
  s: atLeastOne
    .max(20)
    .optional()
    .meta(about('Number of brackets; with `max_iter` it gives the first one: max_iter / eta^s.')),
  eta,
  strict: z.boolean().optional().meta(about('Stop at every rung where a trial is not good enough.', false)),
  brackets: z
    .boolean()
    .optional()
    .meta(
      about(
        'Deal the trials to brackets, in proportion to their sizes: the first has rungs from `min_iter` on, each next one ' +
          'begins `eta` times later, the last trains to the end; within a bracket as `asha`. Guards against a ' +
          '`min_iter` at which nothing can be told yet.',
        false,
      ),
    ),
});

const median = z.strictObject({
  type: z
    .literal('median')
    .meta(about('Stops what is worse than the median of the complete trials at the same step.')),
  startup_trials: startupTrials,
  warmup_steps: warmupSteps,
});

const percentile = z.strictObject({
  type: z.literal('percentile').meta(about('As `median`, with another bar.')),
  percentile: z
    .number()
    .min(0)
    .max(100)
    .meta(about('Per cent of the complete trials that a trial must stand among. 50 is the median.')),
  startup_trials: startupTrials,
  warmup_steps: warmupSteps,
  interval_steps: intervalSteps,
  min_trials: atLeastOne
    .optional()
    .meta(about('Complete trials that must have reported a step before one is stopped there.', 1)),
});

const threshold = z.strictObject({
  type: z
    .literal('threshold')
    .meta(about('Stops what reports a value outside of bounds, or none that is finite.')),
  lower: z.number().optional().meta(about('The least value of the metric.')),
  upper: z.number().optional().meta(about('The largest value of the metric.')),
  warmup_steps: warmupSteps,
  interval_steps: intervalSteps,
});

const wilcoxon = z.strictObject({
  type: z
    .literal('wilcoxon')
    .meta(
      about(
        'For steps that are folds, seeds or instances: stops what a signed-rank test against the best trial, step by step, ' +
          "calls worse. The trainer returns the mean as the trial's value, or `metric.reduce` is `mean_last_…`.",
      ),
    ),
  p_threshold: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .meta(about('A trial stops where the p-value of the test is below this.', 0.1)),
  startup_steps: atLeastNone
    .optional()
    .meta(about('Steps that both trials must have before one is stopped; 2 in any case.', 2)),
});

const schedulers = [asha, hyperband, median, percentile, threshold, wilcoxon] as const;

const patience = z.strictObject({
  type: z.literal('patience').meta(about('Stops what no longer improves.')),
  patience: atLeastOne.meta(about('Reports in a row without an improvement.')),
  min_delta: z.number().min(0).optional().meta(about('An improvement is larger than this.', 0)),
  wraps: z
    .discriminatedUnion('type', schedulers)
    .optional()
    .meta(
      about(
        'Another scheduler, with its options: a trial ends where it says so and patience is out. Left out: where patience is out.',
      ),
    ),
});

const judged = z
  .string()
  .min(1)
  .optional()
  .meta(about('The metric that is judged: one of `metrics` that is optimised.', 'the first one'));

/** Within `wraps` the metric is that of the scheduler around it. */
const withMetric = <Shape extends z.ZodRawShape>(form: z.ZodObject<Shape, z.core.$strict>) =>
  form.extend({ metric: judged });

export const schedulerSchema = z.discriminatedUnion('type', [
  withMetric(asha),
  withMetric(hyperband),
  withMetric(median),
  withMetric(percentile),
  withMetric(threshold),
  withMetric(wilcoxon),
  withMetric(patience),
]);
/** A scheduler as it stands within `wraps` too. */
export type InnerSchedulerFile = z.infer<(typeof schedulers)[number]> | z.infer<typeof patience>;
export type SchedulerFile = z.infer<typeof schedulerSchema>;

/** The schedulers that have an option of this name. */
export function schedulersWith(key: string): string[] {
  return [...schedulers, patience]
    .filter((form) => Object.hasOwn(form.shape, key))
    .map((form) => form.shape.type.value);
}
