import { z } from 'zod';
import { trainerSpecSchema } from '../protocol/trainer-spec/index.ts';
import { DURATION_PATTERN } from './durations.ts';
import { parameterName, parameterSchema } from './parameter-schema.ts';
import { schedulerSchema } from './scheduler-schema.ts';
import { about } from './schema-text.ts';
import { terminateSchema } from './terminate.ts';

/**
 * The sweep file, declaratively: from here come the checks of shape, the JSON Schema and docs/config.md. Defaults are
 * named for readers only; assemble.ts fills them in.
 */

const A_DURATION = 'a duration such as `90s`, `10m` or `6h`';
const duration = z
  .string(A_DURATION)
  .regex(DURATION_PATTERN, { error: A_DURATION, abort: true })
  .refine((text) => Number.parseFloat(text) > 0, 'a duration of more than 0');
const atLeastOne = z.number().int().min(1);
const text = z.string().min(1);

/** Safe as a part of a path, of a key in Redis and of a command line. */
export const sweepName = z
  .string()
  .regex(
    /^[A-Za-z0-9][\w.-]{0,99}$/,
    'a name of letters, digits, `_`, `-` and `.` that begins with a letter or digit (at most 100)',
  );

export const moduleTrainer = z
  .strictObject({
    module: text.meta(
      about(
        "TypeScript or JavaScript, relative to this file, in its folder or below. Its default export is `defineTrainer(…)`'s.",
      ),
    ),
    args: z
      .record(z.string(), z.unknown())
      .optional()
      .meta(about('Passed to the trainer as `args`; may hold `$references`.', {})),
  })
  .meta({ title: 'module' });

export const declarativeTrainer = trainerSpecSchema.meta({ title: 'declarative' });

export const samplerSchema = z.strictObject({
  type: z
    .enum(['auto', 'tpe', 'gp', 'cmaes', 'nsga2', 'random', 'sobol', 'grid'])
    .optional()
    .meta(
      about(
        'Who chooses the next trial. `auto` chooses for each trial, by the space and what is known. `cmaes` takes a ' +
          'parameter under a condition for one more coordinate, about which trials that lack it say nothing: fit for ' +
          'few conditions, as `nsga2` is for several metrics.',
        'auto',
      ),
    ),
  module: text
    .optional()
    .meta(
      about(
        'In place of `type`: a module whose default export is `defineSampler({…})`, in the folder of this file or below.',
      ),
    ),
  options: z
    .record(z.string(), z.unknown())
    .optional()
    .meta(about('module: passed to its `create(space, options)`.', {})),
  n_startup_trials: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .meta(
      about(
        'auto, tpe, gp: finished trials before the model is asked; until then points of the Sobol sequence. Left out: 7 for the Gaussian process, 10 for tpe.',
      ),
    ),
  centre: z
    .boolean()
    .optional()
    .meta(
      about(
        'auto, tpe, gp: whether the first trial is the middle of the space, or what the priors name.',
        true,
      ),
    ),
  input_warping: z
    .boolean()
    .optional()
    .meta(
      about(
        'auto, gp: whether the model learns a scale for each number, which stretches where results change fast. For ' +
          'parameters that may be declared on the wrong scale.',
        false,
      ),
    ),
  n_ei_candidates: atLeastOne
    .max(1_000_000)
    .optional()
    .meta(about('tpe: candidates that are compared for each trial.', 24)),
  gamma: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .meta(about('tpe: share of the finished trials that counts as good.', 0.2)),
  max_good: atLeastOne.max(1_000_000).optional().meta(about('tpe: most trials that count as good.', 50)),
  max_bad: atLeastOne
    .max(1_000_000)
    .optional()
    .meta(about('tpe: most other trials that the model looks at.', 300)),
  prior_weight: z
    .number()
    .min(1e-6)
    .max(1_000_000)
    .optional()
    .meta(about('tpe: weight of the space itself, in trials.', 1)),
  population_size: z
    .number()
    .int()
    .min(2)
    .max(1_000_000)
    .optional()
    .meta(
      about(
        'cmaes: trials per generation (left out: 4 + ⌊3 ln d⌋ for d parameters). nsga2: trials that may have children, ' +
          'and trials with a result before the first child (left out: a sixteenth of `run_cap`, from 10 to 50).',
      ),
    ),
  sigma0: z
    .number()
    .min(1e-6)
    .max(1)
    .optional()
    .meta(about("cmaes: standard deviation to start with, as a share of each parameter's range.", 0.17)),
  restart_strategy: z
    .enum(['ipop', 'bipop', 'none'])
    .optional()
    .meta(
      about(
        'cmaes: what follows when a run has converged: another one with twice the population, one with a large and ' +
          'one with a small population by turns, or nothing.',
        'ipop',
      ),
    ),
  crossover_prob: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .meta(about('nsga2: share of the children that have two parents.', 0.9)),
  mutation_prob: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .meta(about('nsga2: chance of each value to be changed; left out: one value of a child on average.')),
});

const metricKeys = {
  name: text.meta(
    about(
      'What is optimised, as the trainer reports it. `val_` is the validation part, no prefix the training part; ' +
        '`test_…` is refused: a search never reads the test part.',
    ),
  ),
  goal: z.enum(['minimize', 'maximize']).optional().meta(about('Which way is better.', 'minimize')),
  target: z.number().optional().meta(about('The sweep ends when a complete trial reaches it.')),
  reduce: z
    .string()
    .regex(/^(last|best|mean_last_[1-9]\d{0,3})$/, '`last`, `best` or `mean_last_5` (any number of reports)')
    .optional()
    .meta(
      about(
        "How a trial's reports become its value: `last`, `best`, or `mean_last_5` for the mean of the last 5.",
        'last',
      ),
    ),
};

export const metricSchema = z.strictObject(metricKeys);

/** An entry of `metrics`. Not a union: what the keys make of it is said in words (metrics.ts). */
const listedMetric = z.strictObject({
  ...metricKeys,
  max: z
    .number()
    .optional()
    .meta(
      about(
        'Makes it a constraint: kept and not optimised. The most that is allowed; `goal` is left out then.',
      ),
    ),
  min: z.number().optional().meta(about('Likewise: the least that is allowed.')),
});

export const fidelitySchema = z.strictObject({
  unit: z
    .enum(['epochs', 'steps'])
    .optional()
    .meta(about('What a step is: an epoch, or what the trainer reports.', 'epochs')),
  min: atLeastOne.optional().meta(about('The least that is trained before a trial may be stopped.', 1)),
  max: atLeastOne
    .optional()
    .meta(about("What a trial trains when nothing stops it. Left out: the declarative trainer's `epochs`.")),
});

export const budgetSchema = z.strictObject({
  wallclock: duration.optional().meta(about('The sweep ends after this time.')),
  trial_wallclock: duration.optional().meta(about('A trial that runs longer is `failed`.')),
  max_failed: z
    .number()
    .int()
    .min(0)
    .optional()
    .meta(about('The sweep fails when more trials than this failed.')),
  gpu_hours: z
    .number()
    .positive()
    .max(1e9)
    .optional()
    .meta(
      about(
        'The sweep ends after so many hours of GPUs, over all its trials; one that shares a GPU counts its share, one on the cores nothing.',
      ),
    ),
});

export const resourcesSchema = z.strictObject({
  max_concurrent: atLeastOne
    .max(100_000)
    .optional()
    .meta(about('Trials that run at once over the whole fleet.')),
  trials_per_gpu: atLeastOne.max(64).optional().meta(about('Trials that share one GPU.', 1)),
  gpus_per_trial: z
    .union([z.literal('auto'), z.number().int().min(0).max(64)])
    .optional()
    .meta(about('`auto` is 1 on a worker with GPUs, else 0.', 'auto')),
  priority: z
    .number()
    .min(0.001)
    .max(1000)
    .optional()
    .meta(
      about(
        'Share of the workers beside other sweeps: one with 2 gets twice as much of them as one with 1.',
        1,
      ),
    ),
});

/** What drivers and tensor libraries say when a device has gone or is broken, and not merely full. */
export const DEVICE_FAULTS: readonly string[] = [
  '[Dd]evice unavailable',
  'no CUDA-capable device',
  'CUDA_ERROR_(?!OUT_OF_MEMORY)',
  'GPU is lost',
];

export const retrySchema = z.strictObject({
  max_attempts: atLeastOne
    .max(100)
    .optional()
    .meta(about("Runs of one trial that may fail by the trainer's own fault.", 3)),
  backoff: duration.optional().meta(about('Wait before another attempt.', '5s')),
  on: z
    .array(text)
    .optional()
    .meta(
      about(
        'Regular expressions: a failure whose message matches one is tried again. No other exception is.',
        [],
      ),
    ),
  never: z
    .array(text)
    .optional()
    .meta(about('Regular expressions: what matches one is never tried again, not even a crash.', [])),
  elsewhere: z
    .array(text)
    .optional()
    .meta(
      about(
        'Regular expressions: what matches one is the fault of the worker. The trial goes to another one, at no cost, and ' +
          'this one gets no more of the sweep (`tfsweep release`). Without another one it is tried again as with `on`.',
        DEVICE_FAULTS,
      ),
    ),
});

export const stopGrace = duration
  .optional()
  .meta(about('From the request to stop to SIGTERM, and then to SIGKILL.', '5s'));
export const runCap = atLeastOne
  .max(10_000_000)
  .optional()
  .meta(about('Number of trials. A grid may leave it out; other methods need it, or `budget.wallclock`.'));

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const sweepFileSchema = z.strictObject({
  $schema: text
    .optional()
    .meta(about('Where an editor finds the JSON Schema of this file (in JSON; YAML has a comment for it).')),
  name: sweepName
    .optional()
    .meta(about('Shown in lists; a number is put after it where it is taken.', "the file's own name")),
  description: z.string().max(10_000).optional().meta(about('A remark, shown with the sweep.')),
  seed: z
    .number()
    .int()
    .min(0)
    .max(0xffffffff)
    .optional()
    .meta(about('The same seed, file and history give the same trials.', 0)),
  trainer: z
    .union([declarativeTrainer, moduleTrainer])
    .optional()
    .meta(about('What trains a model: a declarative description, or a module of your own.')),
  method: z.enum(['grid', 'random', 'bayes']).optional().meta(about('How the space is searched.', 'bayes')),
  sampler: samplerSchema
    .optional()
    .meta(about('The sampler behind the method, with options.', { type: 'auto' })),
  metric: metricSchema.optional().meta(about('What is optimised; this or `metrics` is required.')),
  metrics: z
    .array(listedMetric)
    .min(1)
    .optional()
    .meta(
      about(
        'Several metrics in place of `metric`: objectives, of which the first gives the curves and is what schedulers ' +
          'judge, and constraints.',
      ),
    ),
  parameters: z
    .record(parameterName, parameterSchema)
    .meta(about('The search space: a name and a distribution each.')),
  fidelity: fidelitySchema.optional().meta(about('How long a trial trains, and in what unit.')),
  early_terminate: schedulerSchema.optional().meta(about('Ends trials that do badly.')),
  terminate: terminateSchema
    .optional()
    .meta(
      about('What ends the sweep besides its target, `run_cap` and budgets: there is nothing left to gain.'),
    ),
  reproducible: z
    .union([
      z.boolean(),
      z.strictObject({
        lag: atLeastOne
          .max(10_000)
          .optional()
          .meta(
            about('N below: also how many trials run at once at most.', 'resources.max_concurrent, else 4'),
          ),
      }),
    ])
    .optional()
    .meta(
      about(
        'The same trials whatever the timing and the number of workers: trial n waits for trials 0 to n - N and follows ' +
          'from them alone. The price: a slow trial holds up the ones behind it, and up to N - 1 results are left unused.',
        false,
      ),
    ),
  run_cap: runCap,
  budget: budgetSchema.optional().meta(about('Limits of time and of failures.')),
  resources: resourcesSchema.optional().meta(about('What a trial needs, and how many run at once.')),
  checkpoints: z
    .strictObject({
      every: atLeastOne.optional().meta(about('Steps between checkpoints.', 1)),
      keep: z
        .array(z.enum(['best', 'latest', 'all']))
        .min(1)
        .optional()
        .meta(
          about(
            'Which outlive their use. A trial that can go on keeps its newest one in any case. `latest`: the newest of each complete trial; `best`: that of the best trial (with several metrics: of the front), and with `metric.reduce: best` the one of its best step; `all`: nothing is ever removed.',
            ['best', 'latest'],
          ),
        ),
    })
    .optional()
    .meta(about('Whether and when models are saved.')),
  retry: retrySchema.optional().meta(about('When a failed trial is tried again. Lost workers never count.')),
  stop_grace: stopGrace,
  warm_start: z
    .strictObject({
      points: z
        .array(z.record(z.string(), scalar))
        .optional()
        .meta(about('Tried first, in this order; what they leave out is drawn by the sampler.', [])),
      sweeps: z
        .array(text)
        .optional()
        .meta(
          about(
            'Earlier sweeps of the same `.tfsweep` folder on related tasks: their complete trials are copied at launch, for ' +
              'samplers that learn from them.',
            [],
          ),
        ),
      if_missing: z
        .enum(['error', 'skip'])
        .optional()
        .meta(about('What becomes of a launch where one of `sweeps` is not there.', 'error')),
    })
    .optional()
    .meta(about('What is known before the first trial.')),
});

/** The file's shape without `parameters` and `trainer`, which have checks of their own. */
export const outerSchema = sweepFileSchema.extend({
  parameters: z.unknown().optional(),
  trainer: z.unknown().optional(),
});
export type OuterFile = z.infer<typeof outerSchema>;
