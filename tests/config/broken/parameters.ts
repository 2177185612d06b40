import { type BrokenConfig, parameter } from './builders.ts';

/** Distributions and conditions. */
export const BROKEN_PARAMETERS: readonly BrokenConfig[] = [
  {
    name: 'a number as a parameter',
    file: parameter('x: 0.1'),
    errors: ['6:6: parameters.x: expected a map, got 0.1; write `{value: 0.1}`'],
  },
  {
    name: 'a list as a parameter',
    file: parameter('x: [1, 2]'),
    errors: ['6:6: parameters.x: expected a map, got [1,2]; write `{values: [1,2]}`'],
  },
  {
    name: 'an empty parameter',
    file: parameter('x:'),
    errors: ['6:5: parameters.x: is empty: expected a map such as `{min: 0.0, max: 1.0}`'],
  },
  {
    name: 'a parameter that says no values',
    file: parameter('x: {prior: 1}'),
    errors: ['6:3: parameters.x: says no values: expected `values: […]`, `value: …`, or `min` and `max`'],
  },
  {
    name: 'a lower bound alone',
    file: parameter('x: {min: 1}'),
    errors: ['6:3: parameters.x: has `min` and no `max`'],
  },
  {
    name: 'mu without a distribution',
    file: parameter('x: {mu: 0, sigma: 1}'),
    errors: ['6:3: parameters.x: `mu` and `sigma` need a name: `distribution: normal` or `log_normal`'],
  },
  {
    name: 'bounds the wrong way round',
    file: parameter('x: {min: 2.0, max: 1.0}'),
    errors: ['6:12: parameters.x.min: `min` is 2, more than `max`, 1'],
  },
  {
    name: 'a bound that is a text',
    file: parameter('x: {min: low, max: 1.0}'),
    errors: ['6:12: parameters.x.min: expected a number, got "low"'],
  },
  {
    name: 'an infinite bound',
    file: parameter('x: {min: 0.0, max: .inf}'),
    errors: ['6:22: parameters.x.max: expected a number, got Infinity'],
  },
  {
    name: 'an unknown distribution',
    file: parameter('x: {distribution: unifrom, min: 0, max: 1}'),
    errors: ['6:21: parameters.x.distribution: unknown distribution "unifrom"; did you mean `uniform`?'],
  },
  {
    name: 'bounds as exponents',
    file: parameter('x: {distribution: log_uniform, min: -5, max: -1}'),
    errors: [
      "6:21: parameters.x.distribution: the bounds of W&B's `log_uniform` are exponents; write `log_uniform_values`, whose bounds are the values themselves",
    ],
  },
  {
    name: 'a logarithm of nothing',
    file: parameter('x: {distribution: log_uniform_values, min: 0, max: 1}'),
    errors: ['6:46: parameters.x.min: expected a number that is more than 0, got 0'],
  },
  {
    name: 'an int with fractions',
    file: parameter('x: {distribution: int_uniform, min: 0.5, max: 3}'),
    errors: ['6:39: parameters.x.min: expected a whole number, got 0.5'],
  },
  {
    name: 'no whole number in the bounds',
    file: parameter('x: {min: 0.2, max: 0.8, int: true}'),
    errors: ['6:12: parameters.x.min: no whole number lies between 0.2 and 0.8'],
  },
  {
    name: 'no multiple in the bounds',
    file: parameter('x: {distribution: q_uniform, min: 1, max: 4, q: 5}'),
    errors: ['6:51: parameters.x.q: no multiple of 5 lies between 1 and 4'],
  },
  {
    name: 'a quantum of nothing',
    file: parameter('x: {distribution: q_uniform, min: 1, max: 4, q: 0}'),
    errors: ['6:51: parameters.x.q: expected a number that is more than 0, got 0'],
  },
  {
    name: 'a quantum where there is none',
    file: parameter('x: {distribution: uniform, min: 1, max: 4, q: 1}'),
    errors: ['6:46: parameters.x.q: `uniform` takes no `q`; write `distribution: q_uniform`'],
  },
  {
    name: 'a normal without spread',
    file: parameter('x: {distribution: normal, mu: 0, sigma: 0}'),
    errors: ['6:43: parameters.x.sigma: expected a number that is more than 0, got 0'],
  },
  {
    name: 'no values',
    file: parameter('x: {values: []}'),
    errors: ['6:15: parameters.x.values: expected a list of at least 1 item, got []'],
  },
  {
    name: 'a list among values',
    file: parameter('x: {values: [[1, 2], 3]}'),
    errors: [
      '6:16: parameters.x.values.0: expected a text or a number or `true` or `false` or null, got [1,2]',
    ],
  },
  {
    name: 'a value twice',
    file: parameter('x: {values: [a, b, a]}'),
    errors: ['6:22: parameters.x.values.2: "a" stands twice in `values`'],
  },
  {
    name: 'values and bounds',
    file: parameter('x: {values: [1, 2], min: 0}'),
    errors: ['6:23: parameters.x.min: `min` has no meaning beside `values`'],
  },
  {
    name: 'too few probabilities',
    file: parameter('x: {values: [a, b, c], probabilities: [0.5, 0.5]}'),
    errors: ['6:41: parameters.x.probabilities: expected one probability for each of the 3 values, got 2'],
  },
  {
    name: 'probabilities that sum to less',
    file: parameter('x: {values: [a, b], probabilities: [0.5, 0.4]}'),
    errors: ['6:38: parameters.x.probabilities: the probabilities sum to 0.9; they must sum to 1'],
  },
  {
    name: 'missing probabilities',
    file: parameter('x: {distribution: categorical_w_probabilities, values: [a, b]}'),
    errors: ['6:3: parameters.x: required key `probabilities` is missing: expected a list'],
  },
  {
    name: 'an order of texts',
    file: parameter('x: {values: [small, large], ordered: true}'),
    errors: [
      '6:40: parameters.x.ordered: `ordered: true` needs `values` that are numbers in ascending order',
    ],
  },
  {
    name: 'a prior outside of the bounds',
    file: parameter('x: {min: 0.0, max: 1.0, prior: 2}'),
    errors: ['6:34: parameters.x.prior: expected a number between 0 and 1, got 2'],
  },
  {
    name: 'a misspelled key of a parameter',
    file: parameter('x: {min: 0.0, max: 1.0, pior: 0.5}'),
    errors: ['6:27: parameters.x.pior: unknown key `pior`; did you mean `prior`?'],
  },
  {
    name: "W&B's nested parameters",
    file: parameter('optimizer: {parameters: {lr: {value: 1}}}'),
    errors: [
      "6:15: parameters.optimizer.parameters: nested parameters are W&B's; write them side by side here, with `when` where one depends on another",
    ],
  },
  {
    name: 'a parameter that is no name',
    file: parameter('"a/b": {min: 0.0, max: 1.0}'),
    errors: [
      '6:3: parameters.a/b: expected a name of letters, digits, `_`, `-` and `.` that begins with a letter (at most 100), got "a/b"',
    ],
  },
  {
    name: 'a number where true is meant',
    file: parameter('x: {min: 1, max: 3, int: 1}'),
    errors: ['6:28: parameters.x.int: expected `true`, got 1'],
  },
  {
    name: 'a grid over a continuum',
    file: {
      text: 'trainer: {module: ./train.ts}\nmethod: grid\nmetric: {name: loss}\nparameters:\n  x: {min: 0.0, max: 1.0}\n  y: {distribution: normal}\n',
    },
    errors: [
      '5:3: parameters.x: A grid cannot try every value of `x`, a number between 0 and 1. Give it `count: 5` (that many points) or `q: 0.1` (every multiple), or use `method: random`.',
      '6:3: parameters.y: A grid cannot try every value of `y`: its normal distribution has no bounds. Give it `count: 5` (that many quantiles), or use `method: random`.',
    ],
  },
  {
    name: 'a condition on a later parameter',
    file: parameter('a: {min: 0, max: 1, when: {b: [1]}}', 'b: {values: [1, 2]}'),
    errors: [
      '6:30: parameters.a.when.b: `b` stands later in the file; a condition names earlier parameters only: move `b` above `a`',
    ],
  },
  {
    name: 'a condition on no parameter',
    file: parameter('opt: {values: [a, b]}', 'x: {min: 0, max: 1, when: {otp: [a]}}'),
    errors: ['7:30: parameters.x.when.otp: no parameter `otp` stands before `x`; did you mean `opt`?'],
  },
  {
    name: 'a condition on itself',
    file: parameter('x: {min: 0, max: 1, when: {x: [1]}}'),
    errors: ["6:30: parameters.x.when.x: `x` can't depend on itself"],
  },
  {
    name: 'a condition on a value that never comes',
    file: parameter('opt: {values: [adam, sgd]}', 'x: {min: 0, max: 1, when: {opt: [sgdd]}}'),
    errors: [
      '7:36: parameters.x.when.opt.0: `opt` is never "sgdd": it is one of "adam", "sgd"; did you mean `sgd`?',
    ],
  },
  {
    name: 'a condition beyond the bounds',
    file: parameter('n: {min: 1, max: 3}', 'x: {min: 0, max: 1, when: {n: {ge: 4}}}'),
    errors: ['7:33: parameters.x.when.n: `n` never fits: it is a whole number between 1 and 3'],
  },
  {
    name: 'a comparison of texts',
    file: parameter('opt: {values: [adam, sgd]}', 'x: {min: 0, max: 1, when: {opt: {ge: 2}}}'),
    errors: [
      '7:35: parameters.x.when.opt: `opt` is one of "adam", "sgd": no numbers to compare; write a list of its values',
    ],
  },
  {
    name: 'a condition that is no list',
    file: parameter('opt: {values: [adam, sgd]}', 'x: {min: 0, max: 1, when: {opt: sgd}}'),
    errors: ['7:35: parameters.x.when.opt: expected a list or a map, got "sgd"'],
  },
  {
    name: 'a bound of no kind',
    file: parameter('n: {min: 1, max: 3}', 'x: {min: 0, max: 1, when: {n: {gte: 2}}}'),
    errors: ['7:34: parameters.x.when.n.gte: unknown key `gte`; did you mean `ge`?'],
  },
];
