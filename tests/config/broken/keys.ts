import { type BrokenConfig, HEAD, keys } from './builders.ts';

/** Keys that are unknown, foreign, missing or empty, and values of the wrong kind. */
export const BROKEN_KEYS: readonly BrokenConfig[] = [
  {
    name: 'a misspelled key',
    file: keys('buget: {wallclock: 10m}'),
    errors: ['7:1: buget: unknown key `buget`; did you mean `budget`?'],
  },
  {
    name: 'a misspelled nested key',
    file: keys('budget: {wall_clok: 10m}'),
    errors: ['7:10: budget.wall_clok: unknown key `wall_clok`; did you mean `wallclock`?'],
  },
  {
    name: 'an unknown key',
    file: keys('frobnicate: 1'),
    errors: [
      '7:1: frobnicate: unknown key `frobnicate`; known here: $schema, name, description, seed, trainer, method, sampler, metric, metrics, parameters, fidelity, early_terminate, terminate, reproducible, run_cap, budget, resources, checkpoints, retry, stop_grace, warm_start',
    ],
  },
  {
    name: 'missing parameters',
    file: { text: 'trainer: {module: ./train.ts}\nmethod: grid\nmetric: {name: loss}\n' },
    errors: ['1:1: required key `parameters` is missing: expected a map of names and distributions'],
  },
  {
    name: 'no trainer and no metric',
    file: { text: 'method: grid\nparameters:\n  x: {values: [1, 2]}\n' },
    errors: [
      '1:1: required key `trainer` is missing: expected `{dataset: …, model: …}` or `{module: ./train.ts}`',
      '1:1: required key `metric` is missing: expected, for example, `metric: {name: val_loss, goal: minimize}`',
    ],
  },
  {
    name: 'an empty key',
    file: keys('budget:'),
    errors: ['7:8: budget: is empty: expected a map'],
  },
  {
    name: 'an empty map of parameters',
    file: { text: HEAD },
    errors: [
      '5:1: parameters: expected a map with at least one parameter, such as `learning_rate: {min: 0.001, max: 0.1}`',
    ],
  },
  {
    name: "W&B's program and command",
    file: keys('program: train.py', 'command: [python, train.py]'),
    errors: [
      "7:1: program: `program` is W&B's; write `trainer: {module: ./train.ts}` (TypeScript or JavaScript, run by the workers)",
      "8:1: command: `command` is W&B's; a trainer is a module here, not a command line: `trainer: {module: ./train.ts, args: {…}}`",
    ],
  },
  {
    name: "W&B's project and entity",
    file: keys('project: p', 'entity: me'),
    errors: [
      "7:1: project: `project` is W&B's; sweeps are grouped by their `.tfsweep` folder: `tfsweep --dir FOLDER`",
      "8:1: entity: `entity` is W&B's; there are no accounts here, remove it",
    ],
  },
  {
    name: 'epochs at the top',
    file: keys('epochs: 5'),
    errors: ['7:1: epochs: `epochs` belongs under `trainer:`, or write `fidelity: {unit: epochs, max: …}`'],
  },
  {
    name: 'a model at the top',
    file: keys('model: {type: mlp}'),
    errors: ['7:1: model: belongs under `trainer:`'],
  },
  {
    name: 'a negative seed',
    file: keys('seed: -1'),
    errors: ['7:7: seed: expected a number that is at least 0, got -1'],
  },
  {
    name: 'a run_cap in words',
    file: { text: HEAD.replace('run_cap: 5', 'run_cap: five').concat('  x: {min: 0.0, max: 1.0}\n') },
    errors: ['3:10: run_cap: expected a number, got "five"'],
  },
  {
    name: 'half a trial',
    file: { text: HEAD.replace('run_cap: 5', 'run_cap: 0.5').concat('  x: {min: 0.0, max: 1.0}\n') },
    errors: ['3:10: run_cap: expected a whole number, got 0.5'],
  },
  {
    name: 'a name with a slash',
    file: keys('name: ../../etc'),
    errors: [
      '7:7: name: expected a name of letters, digits, `_`, `-` and `.` that begins with a letter or digit (at most 100), got "../../etc"',
    ],
  },
  {
    name: 'a name of another type',
    file: keys('name: 12'),
    errors: ['7:7: name: expected a text, got 12'],
  },
  {
    name: 'a duration without a unit',
    file: keys('budget: {wallclock: 90}'),
    errors: ['7:21: budget.wallclock: expected a duration such as `90s`, `10m` or `6h`, got 90'],
  },
  {
    name: 'a duration of nothing',
    file: keys('budget: {wallclock: 0s}'),
    errors: ['7:21: budget.wallclock: expected a duration of more than 0, got "0s"'],
  },
  {
    name: 'a duration of another unit',
    file: keys('stop_grace: 5 minutes'),
    errors: ['7:13: stop_grace: expected a duration such as `90s`, `10m` or `6h`, got "5 minutes"'],
  },
  {
    name: 'a misspelled method',
    file: { text: HEAD.replace('random', 'ramdom').concat('  x: {min: 0.0, max: 1.0}\n') },
    errors: ['2:9: method: expected one of `grid`, `random`, `bayes`, got "ramdom"; did you mean `random`?'],
  },
  {
    name: 'a pattern that is none',
    file: keys('retry: {on: ["("]}'),
    errors: [
      '7:14: retry.on.0: not a regular expression: Invalid regular expression: /(/: Unterminated group',
    ],
  },
  {
    name: 'no slot at all',
    file: keys('resources: {max_concurrent: 0, gpus_per_trial: some}'),
    errors: [
      '7:29: resources.max_concurrent: expected a number that is at least 1, got 0',
      '7:48: resources.gpus_per_trial: expected `auto` or a number, got "some"',
    ],
  },
  {
    name: 'a checkpoint that is not kept',
    file: keys('checkpoints: {keep: [bset]}'),
    errors: [
      '7:22: checkpoints.keep.0: expected one of `best`, `latest`, `all`, got "bset"; did you mean `best`?',
    ],
  },
  {
    name: 'a goal of other words',
    file: {
      text: HEAD.replace('{name: loss}', '{name: loss, goal: minimise}').concat(
        '  x: {min: 0.0, max: 1.0}\n',
      ),
    },
    errors: [
      '4:28: metric.goal: expected one of `minimize`, `maximize`, got "minimise"; did you mean `minimize`?',
    ],
  },
  {
    name: 'a metric of the test part',
    file: { text: HEAD.replace('loss', 'test_loss').concat('  x: {min: 0.0, max: 1.0}\n') },
    errors: ['4:16: metric.name: a search never reads the test part: optimise `val_loss`, got "test_loss"'],
  },
  {
    name: 'a reduction of other words',
    file: { text: HEAD.replace('loss}', 'loss, reduce: median}').concat('  x: {min: 0.0, max: 1.0}\n') },
    errors: [
      '4:30: metric.reduce: expected `last`, `best` or `mean_last_5` (any number of reports), got "median"',
    ],
  },
];
