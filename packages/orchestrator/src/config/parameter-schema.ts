import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const compare = z.strictObject({
  ge: z.number().optional().meta({ description: 'At least this.' }),
  gt: z.number().optional().meta({ description: 'More than this.' }),
  le: z.number().optional().meta({ description: 'At most this.' }),
  lt: z.number().optional().meta({ description: 'Less than this.' }),
});

const when = z
  .record(z.string(), z.union([z.array(scalar).min(1), compare]))
  .optional()
  .meta({
    description:
      'The parameter is there only when all of these hold: an earlier parameter with a list of its values, or, for ' +
      'numbers, with bounds such as `{ge: 2}`. The child of an absent parameter is absent.',
  });
const whole = z.boolean().optional().meta({ description: 'Whole numbers only.', default: false });
const confidence = z.number().gt(0).max(1).optional().meta({
  description: 'How sure the `prior` is, from hardly to 1, very.',
  default: 0.5,
});
const believed = { description: 'A value that is believed to be good.' };
const belief = { prior: z.number().optional().meta(believed), prior_confidence: confidence };
const beliefInChoice = { prior: scalar.optional().meta(believed), prior_confidence: confidence };
const count = z.number().int().min(1).max(10_000).optional().meta({
  description: 'How many points a grid puts on this parameter, evenly (in the logarithm for the log forms).',
});
const q = z.number().gt(0).optional().meta({
  description: 'Values are multiples of this quantum, from the first one inside the bounds.',
  default: 1,
});
const min = z.number().meta({ description: 'Lower bound, inclusive.' });
const max = z.number().meta({ description: 'Upper bound, inclusive.' });
const mu = z
  .number()
  .optional()
  .meta({ description: 'Mean (of the logarithm for the log forms).', default: 0 });
const sigma = z
  .number()
  .gt(0)
  .optional()
  .meta({ description: 'Standard deviation (of the logarithm for the log forms).', default: 1 });
const values = z
  .array(scalar)
  .min(1)
  .meta({ description: 'The choices: texts, numbers, true, false or null. Ascending numbers are ordinal.' });
const ordered = z.boolean().optional().meta({
  description: 'Whether the distance between choices counts.',
  default: 'true for ascending numbers',
});
const probabilities = z
  .array(z.number().min(0).max(1))
  .meta({ description: 'One for each of `values`; they sum to 1. A grid ignores them.' });

/** `distribution:` may be left out for these; the keys tell. */
const named = (name: string, mayBeLeftOut = false) => {
  const literal = z.literal(name);
  return (mayBeLeftOut ? literal.optional() : literal).meta({ description: 'Where the values come from.' });
};

/** Every distribution with its keys; the names are W&B's. */
export const parameterForms = {
  constant: z.strictObject({
    distribution: named('constant', true),
    value: scalar.meta({ description: 'The one value.' }),
    when,
  }),
  categorical: z.strictObject({
    distribution: named('categorical', true),
    values,
    probabilities: probabilities.optional(),
    ordered,
    ...beliefInChoice,
    when,
  }),
  categorical_w_probabilities: z.strictObject({
    distribution: named('categorical_w_probabilities'),
    values,
    probabilities,
    ordered,
    ...beliefInChoice,
    when,
  }),
  int_uniform: z.strictObject({
    distribution: named('int_uniform', true),
    min: min.int(),
    max: max.int(),
    int: z.literal(true).optional().meta({ description: 'Always so.', default: true }),
    q: q.unwrap().int().optional().meta({ description: 'Values are multiples of this.', default: 1 }),
    count,
    ...belief,
    when,
  }),
  uniform: z.strictObject({
    distribution: named('uniform', true),
    min,
    max,
    int: whole,
    count,
    ...belief,
    when,
  }),
  q_uniform: z.strictObject({
    distribution: named('q_uniform', true),
    min,
    max,
    q,
    int: whole,
    ...belief,
    when,
  }),
  log_uniform_values: z.strictObject({
    distribution: named('log_uniform_values'),
    min: min.gt(0),
    max: max.gt(0),
    int: whole,
    count,
    ...belief,
    when,
  }),
  q_log_uniform_values: z.strictObject({
    distribution: named('q_log_uniform_values'),
    min: min.gt(0),
    max: max.gt(0),
    q,
    int: whole,
    ...belief,
    when,
  }),
  inv_log_uniform_values: z.strictObject({
    distribution: named('inv_log_uniform_values'),
    min: min.gt(0),
    max: max.gt(0),
    int: whole,
    count,
    ...belief,
    when,
  }),
  normal: z.strictObject({ distribution: named('normal'), mu, sigma, int: whole, count, ...belief, when }),
  q_normal: z.strictObject({ distribution: named('q_normal'), mu, sigma, q, int: whole, ...belief, when }),
  log_normal: z.strictObject({
    distribution: named('log_normal'),
    mu,
    sigma,
    int: whole,
    count,
    ...belief,
    when,
  }),
  q_log_normal: z.strictObject({
    distribution: named('q_log_normal'),
    mu,
    sigma,
    q,
    int: whole,
    ...belief,
    when,
  }),
} as const;

export type FormName = keyof typeof parameterForms;

/** One sentence each, for the reference. */
export const formDescriptions: Readonly<Record<FormName, string>> = {
  constant: 'One value, in every trial.',
  categorical: 'One of `values`, each as likely as `probabilities` says, or all alike.',
  categorical_w_probabilities: 'As `categorical`, with `probabilities` required.',
  int_uniform:
    'Whole numbers, all alike. What `min` and `max` mean when both are spelled without a point or exponent.',
  uniform: 'Real numbers, all alike. What `min` and `max` mean otherwise.',
  q_uniform: 'Multiples of `q`, all alike. What `min`, `max` and `q` mean where no distribution is named.',
  log_uniform_values: 'Real numbers whose logarithm is uniform; the bounds are the values themselves.',
  q_log_uniform_values: 'As `log_uniform_values`, in multiples of `q`.',
  inv_log_uniform_values:
    'W&B: log(1/x) is uniform between log(1/max) and log(1/min). That is the same distribution as `log_uniform_values`.',
  normal: 'Normal with mean `mu` and standard deviation `sigma`; no bounds.',
  q_normal: 'As `normal`, in multiples of `q`.',
  log_normal: 'Positive numbers whose logarithm is normal.',
  q_log_normal: 'As `log_normal`, in multiples of `q`.',
};

export const parameterName = z
  .string()
  .regex(
    /^[A-Za-z_][\w.-]{0,99}$/,
    'a name of letters, digits, `_`, `-` and `.` that begins with a letter (at most 100)',
  );

/** A parameter, as the JSON Schema offers it; the checks choose the form first, for better messages. */
export const parameterSchema = z.union(
  Object.entries(parameterForms).map(([name, form]) =>
    form.meta({ title: name, description: formDescriptions[name as FormName] }),
  ),
);
