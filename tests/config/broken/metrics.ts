import { type BrokenConfig, keys, parameter } from './builders.ts';

/** A file whose metrics stand on line 4, one entry per line from line 5 on. */
const metrics = (...entries: string[]) => ({
  text: `trainer: {module: ./train.ts}
method: random
run_cap: 5
metrics:
${entries.map((entry) => `  - ${entry}\n`).join('')}parameters:
  x: {min: 0.0, max: 1.0}
`,
});

const ACCURACY = '{name: accuracy, goal: maximize}';

/** Several metrics, constraints, beliefs, earlier sweeps and the ordered mode. */
export const BROKEN_METRICS: readonly BrokenConfig[] = [
  {
    name: 'one metric and several',
    file: keys('metrics: [{name: a}, {name: b}]'),
    errors: ['7:1: metrics: `metric` and `metrics` are both there; keep one'],
  },
  {
    name: 'no metrics at all',
    file: keys('metrics: []'),
    errors: ['7:10: metrics: expected a list of at least 1 item, got []'],
  },
  {
    name: 'a metric twice',
    file: metrics(ACCURACY, '{name: loss}', '{name: accuracy, min: 0.5}'),
    errors: ['7:12: metrics.2.name: `accuracy` stands twice in `metrics`'],
  },
  {
    name: 'a metric twice, in two spellings',
    file: metrics('{name: val_acc, goal: maximize}', '{name: val_accuracy, goal: maximize}'),
    errors: ['6:12: metrics.1.name: `val_accuracy` stands twice in `metrics`'],
  },
  {
    name: 'constraints only',
    file: metrics('{name: size, max: 1000}', '{name: latency, max: 10}'),
    errors: [
      '4:1: metrics: has constraints only: one entry at least is optimised, such as `{name: val_loss, goal: minimize}`',
    ],
  },
  {
    name: 'a constraint that is optimised',
    file: metrics(ACCURACY, '{name: size, goal: minimize, max: 1000}', '{name: f1, min: 0.5, target: 0.9}'),
    errors: [
      '6:18: metrics.1.goal: `max` makes it a constraint, which is kept and not optimised: leave out `goal` or `max`',
      '7:26: metrics.2.target: `min` makes it a constraint, which is kept and not optimised: leave out `target` or `min`',
    ],
  },
  {
    name: 'a constraint that nothing keeps',
    file: metrics(ACCURACY, '{name: size, min: 10, max: 1}'),
    errors: ['6:23: metrics.1.min: `min` is 10, more than `max`, 1'],
  },
  {
    name: 'the best value of a constraint',
    file: metrics(ACCURACY, '{name: size, max: 1, reduce: best}'),
    errors: [
      '6:34: metrics.1.reduce: a constraint has no best value: expected `last` or `mean_last_5`, got "best"',
    ],
  },
  {
    name: 'the test part in a constraint',
    file: metrics(ACCURACY, '{name: test_loss, max: 1}'),
    errors: [
      '6:12: metrics.1.name: a search never reads the test part: optimise `val_loss`, got "test_loss"',
    ],
  },
  {
    name: 'an unknown key of a metric',
    file: metrics('{name: accuracy, gaol: maximize}'),
    errors: ['5:22: metrics.0.gaol: unknown key `gaol`; did you mean `goal`?'],
  },
  {
    name: 'a metric without a name',
    file: metrics(ACCURACY, '{max: 3}'),
    errors: ['6:5: metrics.1: required key `name` is missing: expected a text'],
  },
  {
    name: 'a bound on the one metric',
    file: {
      text: 'trainer: {module: ./train.ts}\nmethod: random\nrun_cap: 5\nmetric: {name: loss, max: 1}\nparameters:\n  x: {min: 0.0, max: 1.0}\n',
    },
    errors: [
      '4:22: metric.max: a constraint is an entry of `metrics: [{name: …, goal: …}, {name: …, max: …}]`',
    ],
  },
  {
    name: 'a confidence in nothing',
    file: parameter('x: {min: 0.0, max: 1.0, prior_confidence: 0.5}'),
    errors: ['6:27: parameters.x.prior_confidence: needs a `prior`, the value that is believed to be good'],
  },
  {
    name: 'a confidence of more than all',
    file: parameter('x: {min: 0.0, max: 1.0, prior: 0.5, prior_confidence: 2}'),
    errors: ['6:57: parameters.x.prior_confidence: expected a number that is at most 1, got 2'],
  },
  {
    name: 'a confidence of nothing',
    file: parameter('x: {values: [a, b], prior: a, prior_confidence: 0}'),
    errors: ['6:51: parameters.x.prior_confidence: expected a number that is more than 0, got 0'],
  },
  {
    name: 'a confidence in a constant',
    file: parameter('x: {value: 1, prior_confidence: 0.5}'),
    errors: ['6:17: parameters.x.prior_confidence: `prior_confidence` has no meaning beside `value`'],
  },
  {
    name: 'an earlier sweep twice',
    file: keys('warm_start: {sweeps: [before, earlier, before]}'),
    errors: ['7:40: warm_start.sweeps.2: `before` stands twice in `sweeps`'],
  },
  {
    name: 'an earlier sweep without a list',
    file: keys('warm_start: {sweeps: before}'),
    errors: ['7:22: warm_start.sweeps: expected a list, got "before"'],
  },
  {
    name: 'an order of nothing',
    file: keys('reproducible: {lag: 0}'),
    errors: ['7:21: reproducible.lag: expected a number that is at least 1, got 0'],
  },
  {
    name: 'an order by a number',
    file: keys('reproducible: 4'),
    errors: ['7:15: reproducible: expected `true` or `false` or a map, got 4'],
  },
];
