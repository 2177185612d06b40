import { type BrokenConfig, declarative, HEAD, keys } from './builders.ts';

/** What a trial trains, how the space is searched, and flags. */
export const BROKEN_SEARCHES: readonly BrokenConfig[] = [
  {
    name: 'epochs and another fidelity',
    file: declarative({ 'run_cap: 5': 'run_cap: 5\nfidelity: {unit: epochs, max: 3}' }),
    errors: [
      '4:11: trainer.epochs: `epochs` is 2 and `fidelity.max` (line 7) is 3; they say the same thing, keep one',
    ],
  },
  {
    name: 'no epochs',
    file: declarative({ '  epochs: 2\n': '' }),
    errors: [
      '1:1: trainer: does not say how long to train: add `epochs: 10` here, or `fidelity: {unit: epochs, min: 1, max: 10}`',
    ],
  },
  {
    name: 'steps of a declarative trainer',
    file: declarative({ '  epochs: 2\n': '', 'run_cap: 5': 'run_cap: 5\nfidelity: {unit: steps, max: 3}' }),
    errors: ['6:18: fidelity.unit: a declarative trainer counts `epochs`; steps are for a trainer module'],
  },
  {
    name: 'a fidelity without an end',
    file: keys('fidelity: {unit: epochs}'),
    errors: [
      '7:1: fidelity: required key `max` is missing: expected the whole number of steps that a trial trains',
    ],
  },
  {
    name: 'a fidelity the wrong way round',
    file: keys('fidelity: {min: 5, max: 3}'),
    errors: ['7:17: fidelity.min: `min` is 5, more than `max`, 3'],
  },
  {
    name: 'an unknown scheduler',
    file: keys('early_terminate: {type: hyperbnad}'),
    errors: [
      '7:25: early_terminate.type: expected one of `asha`, `hyperband`, `median`, `percentile`, `threshold`, `wilcoxon`, `patience`, got "hyperbnad"; did you mean `hyperband`?',
    ],
  },
  {
    name: 'a scheduler without a type',
    file: keys('early_terminate: {eta: 3}'),
    errors: [
      '7:1: early_terminate: required key `type` is missing: expected one of `asha`, `hyperband`, `median`, `percentile`, `threshold`, `wilcoxon`, `patience`',
    ],
  },
  {
    name: 'a scheduler of a later version',
    file: keys('early_terminate: {type: pbt}'),
    errors: [
      '7:25: early_terminate.type: expected one of `asha`, `hyperband`, `median`, `percentile`, `threshold`, `wilcoxon`, `patience`, got "pbt"; `pbt` is not in this version, use `asha`, `hyperband` or `median`',
    ],
  },
  {
    name: 'an unknown mode',
    file: keys('early_terminate: {type: asha, mode: pausing}'),
    errors: ['7:37: early_terminate.mode: expected one of `stopping`, `promotion`, got "pausing"'],
  },
  {
    name: 'promotion without checkpoints and of trials of unknown length',
    file: keys('early_terminate: {type: asha, mode: promotion}'),
    errors: [
      '7:37: early_terminate.mode: a trial that is promoted goes on from its checkpoint: add `checkpoints: {every: 1}`',
      '7:37: early_terminate.mode: a trial pauses before its end, which nobody says: add `fidelity: {unit: steps, max: 27}`',
    ],
  },
  {
    name: 'promotion in order',
    file: keys(
      'fidelity: {unit: steps, max: 9}',
      'checkpoints: {every: 1}',
      'reproducible: true',
      'early_terminate: {type: asha, mode: promotion}',
    ),
    errors: [
      '10:37: early_terminate.mode: which trials are promoted follows from timing: leave out `reproducible`, or let asha stop',
    ],
  },
  {
    name: 'patience around promotion',
    file: keys(
      'fidelity: {unit: steps, max: 9}',
      'early_terminate: {type: patience, patience: 2, wraps: {type: asha, mode: promotion}}',
    ),
    errors: [
      '8:74: early_terminate.wraps.mode: patience stops trials, and `promotion` stops none: leave `mode` out',
    ],
  },
  {
    name: 'a metric that a scheduler cannot judge',
    file: keys('early_terminate: {type: median, metric: los}'),
    errors: [
      '7:41: early_terminate.metric: no metric that is optimised is called `los`; did you mean `loss`?',
    ],
  },
  {
    name: 'a metric of a wrapped scheduler',
    file: keys('early_terminate: {type: patience, patience: 2, wraps: {type: median, metric: loss}}'),
    errors: [
      '7:70: early_terminate.wraps.metric: `metric` stands beside `type: patience`, for both schedulers',
    ],
  },
  {
    name: 'a terminator that says nothing',
    file: keys('terminate: {}'),
    errors: [
      '7:12: terminate: says nothing: expected `stagnation`, `regret` or both, such as `{stagnation: 30}`',
    ],
  },
  {
    name: 'terminators of the wrong kind',
    file: keys('terminate: {stagnation: 0, regret: true, target: 3}'),
    errors: [
      '7:25: terminate.stagnation: expected a number that is at least 1, got 0',
      '7:36: terminate.regret: expected a map, got true',
      '7:42: terminate.target: the target stands in `metric: {target: …}`',
    ],
  },
  {
    name: 'a noise that is none, and a look at one trial',
    file: keys('terminate: {regret: {noise: 0, min_trials: 1}}'),
    errors: [
      '7:29: terminate.regret.noise: expected a number that is more than 0, got 0',
      '7:44: terminate.regret.min_trials: expected a number that is at least 2, got 1',
    ],
  },
  {
    name: 'a regret of several metrics',
    file: {
      text: HEAD.replace('metric: {name: loss}', 'metrics: [{name: loss}, {name: size}]').concat(
        '  x: {min: 0.0, max: 1.0}\nterminate: {regret: {}}\n',
      ),
    },
    errors: [
      '7:21: terminate.regret: is a bound for one metric that is optimised; `stagnation` takes several',
    ],
  },
  {
    name: "hyperband's options for asha",
    file: keys('early_terminate: {type: asha, s: 2, strict: true}'),
    errors: [
      '7:31: early_terminate.s: `s` fits `type: hyperband` only',
      '7:37: early_terminate.strict: `strict` fits `type: hyperband` only',
    ],
  },
  {
    name: "asha's options for median",
    file: keys('early_terminate: {type: median, min_iter: 2}'),
    errors: ['7:33: early_terminate.min_iter: `min_iter` fits `type: asha` and `type: hyperband` only'],
  },
  {
    name: "median's options for wilcoxon",
    file: keys('early_terminate: {type: wilcoxon, warmup_steps: 2}'),
    errors: [
      '7:35: early_terminate.warmup_steps: `warmup_steps` fits `type: median`, `type: percentile` and `type: threshold` only',
    ],
  },
  {
    name: 'a misspelt option of a scheduler',
    file: keys('early_terminate: {type: wilcoxon, p_treshold: 0.2}'),
    errors: ['7:35: early_terminate.p_treshold: unknown key `p_treshold`; did you mean `p_threshold`?'],
  },
  {
    name: 'a percentile that is none',
    file: keys('early_terminate: {type: percentile, percentile: 101}'),
    errors: ['7:49: early_terminate.percentile: expected a number that is at most 100, got 101'],
  },
  {
    name: 'a percentile left out',
    file: keys('early_terminate: {type: percentile}'),
    errors: ['7:1: early_terminate: required key `percentile` is missing: expected a number'],
  },
  {
    name: 'a threshold without bounds',
    file: keys('early_terminate: {type: threshold}'),
    errors: ['7:18: early_terminate: `type: threshold` needs a bound: `lower`, `upper` or both'],
  },
  {
    name: 'bounds the wrong way round',
    file: keys('early_terminate: {type: threshold, lower: 2, upper: 1}'),
    errors: ['7:43: early_terminate.lower: `lower` is 2, more than `upper`, 1'],
  },
  {
    name: 'a warm-up longer than a trial',
    file: keys('fidelity: {max: 9}', 'early_terminate: {type: median, warmup_steps: 20}'),
    errors: [
      '8:47: early_terminate.warmup_steps: a trial trains 9 steps; with 20 here none can be stopped early',
    ],
  },
  {
    name: 'patience for longer than a trial',
    file: keys('fidelity: {max: 9}', 'early_terminate: {type: patience, patience: 10}'),
    errors: [
      '8:45: early_terminate.patience: a trial trains 9 steps; with 10 here none can be stopped early',
    ],
  },
  {
    name: 'patience around patience',
    file: keys('early_terminate: {type: patience, patience: 2, wraps: {type: patience, patience: 1}}'),
    errors: [
      '7:62: early_terminate.wraps.type: expected one of `asha`, `hyperband`, `median`, `percentile`, `threshold`, `wilcoxon`, got "patience"',
    ],
  },
  {
    name: 'an error in a wrapped scheduler',
    file: keys(
      'fidelity: {max: 9}',
      'early_terminate: {type: patience, patience: 2, wraps: {type: asha, min_iter: 12, s: 1}}',
    ),
    errors: ['8:82: early_terminate.wraps.s: `s` fits `type: hyperband` only'],
  },
  {
    name: 'a rung of a wrapped scheduler beyond the end',
    file: keys(
      'fidelity: {max: 9}',
      'early_terminate: {type: patience, patience: 2, wraps: {type: asha, min_iter: 12}}',
    ),
    errors: ['8:78: early_terminate.wraps.min_iter: the first rung is at step 12, beyond the last one, 9'],
  },
  {
    name: "W&B's brackets and those of the paper",
    file: keys(
      'fidelity: {max: 9}',
      'early_terminate: {type: hyperband, brackets: true, s: 2, strict: true}',
    ),
    errors: [
      "8:55: early_terminate.s: `s` is W&B's; with `brackets: true` their number follows from min_iter, max_iter and eta",
      "8:66: early_terminate.strict: `strict` is W&B's; with `brackets: true` a trial is judged when it crosses a rung",
    ],
  },
  {
    name: 'brackets of trials of unknown length',
    file: keys('early_terminate: {type: hyperband, brackets: true}'),
    errors: [
      '7:46: early_terminate.brackets: brackets end where a trial does; give `max_iter`, or `fidelity`',
    ],
  },
  {
    name: 'an eta of one',
    file: keys('early_terminate: {type: asha, eta: 1}'),
    errors: ['7:36: early_terminate.eta: expected a number that is at least 2, got 1'],
  },
  {
    name: 'brackets without an end',
    file: keys('early_terminate: {type: hyperband, s: 2}'),
    errors: [
      '7:39: early_terminate.s: `s` counts brackets down from `max_iter`; give `max_iter`, or `fidelity`',
    ],
  },
  {
    name: 'brackets that do not fit',
    file: keys('early_terminate: {type: hyperband, s: 4, max_iter: 9}'),
    errors: [
      '7:39: early_terminate.s: 4 brackets do not fit: max_iter / eta^s = 9 / 3^4 is less than one step',
    ],
  },
  {
    name: 'a rung beyond the end',
    file: keys('fidelity: {max: 9}', 'early_terminate: {type: asha, min_iter: 12}'),
    errors: ['8:41: early_terminate.min_iter: the first rung is at step 12, beyond the last one, 9'],
  },
  {
    name: 'more iterations than epochs',
    file: keys('fidelity: {max: 9}', 'early_terminate: {type: asha, max_iter: 27}'),
    errors: ['8:41: early_terminate.max_iter: a trial trains 9 steps; `max_iter` is 27'],
  },
  {
    name: 'a search without an end',
    file: { text: HEAD.replace('run_cap: 5\n', '').concat('  x: {min: 0.0, max: 1.0}\n') },
    errors: [
      '2:1: `run_cap` is missing: `method: random` never ends by itself. Add `run_cap: 30`, or `budget: {wallclock: 10m}`',
    ],
  },
  {
    name: 'an unknown sampler',
    file: keys('sampler: {type: cma-es}'),
    errors: [
      '7:17: sampler.type: expected one of `auto`, `tpe`, `gp`, `cmaes`, `nsga2`, `random`, `sobol`, `grid`, got "cma-es"; did you mean `cmaes`?',
    ],
  },
  {
    name: 'a sampler of another method',
    file: keys('sampler: {type: tpe}'),
    errors: [
      '7:17: sampler.type: `tpe` does not fit `method: random`, which takes auto, random, sobol; or write `method: bayes`',
    ],
  },
  {
    name: 'an option of another sampler',
    file: keys('sampler: {type: sobol, n_startup_trials: 5}'),
    errors: ['7:24: sampler.n_startup_trials: `n_startup_trials` fits `type: tpe`, `type: gp` only'],
  },
  {
    name: "the Gaussian process's option for tpe",
    file: { text: keys('sampler: {type: tpe, input_warping: true}').text.replace('random', 'bayes') },
    errors: ['7:22: sampler.input_warping: `input_warping` fits `type: gp` only'],
  },
  {
    name: "cmaes' option for nsga2",
    file: { text: keys('sampler: {type: nsga2, sigma0: 0.2}').text.replace('random', 'bayes') },
    errors: ['7:24: sampler.sigma0: `sigma0` fits `type: cmaes` only'],
  },
  {
    name: 'an option of two samplers for a third',
    file: keys('sampler: {type: sobol, population_size: 20}'),
    errors: ['7:24: sampler.population_size: `population_size` fits `type: cmaes`, `type: nsga2` only'],
  },
  {
    name: 'a population of one',
    file: keys('sampler: {type: nsga2, population_size: 1}'),
    errors: ['7:41: sampler.population_size: expected a number that is at least 2, got 1'],
  },
  {
    name: 'an unknown way to restart',
    file: keys('sampler: {type: cmaes, restart_strategy: bi-pop}'),
    errors: [
      '7:42: sampler.restart_strategy: expected one of `ipop`, `bipop`, `none`, got "bi-pop"; did you mean `bipop`?',
    ],
  },
  {
    name: 'a point with an unknown name',
    file: keys('warm_start: {points: [{y: 1}]}'),
    errors: ['7:24: warm_start.points.0.y: no parameter is called `y`; did you mean `x`?'],
  },
  {
    name: 'a point outside of the bounds',
    file: keys('warm_start: {points: [{x: 2}]}'),
    errors: ['7:27: warm_start.points.0.x: expected a number between 0 and 1, got 2'],
  },
  {
    name: 'a point that can not be',
    file: {
      text: `${HEAD}  opt: {values: [adam, sgd]}\n  m: {min: 0.0, max: 1.0, when: {opt: [sgd]}}\nwarm_start: {points: [{opt: adam, m: 0.5}]}\n`,
    },
    errors: ['8:35: warm_start.points.0.m: `m` is there only when opt is "sgd"; leave it out of this point'],
  },
  {
    name: 'a flag without a value',
    file: { ...keys(), set: ['run_cap'] },
    errors: ['--set run_cap: expected `key.path=value`, such as `budget.wallclock=10m`'],
  },
  {
    name: 'a flag with an unknown path',
    file: { ...keys(), set: ['budget.wallclok=10m'] },
    errors: ['--set budget.wallclok=10m: budget.wallclok: unknown key `wallclok`; did you mean `wallclock`?'],
  },
  {
    name: 'a flag with a wrong value',
    file: { ...keys(), set: ['run_cap=many'] },
    errors: ['--set run_cap=many: run_cap: expected a number, got "many"'],
  },
  {
    name: 'a flag below a value',
    file: { ...keys(), set: ['run_cap.max=4'] },
    errors: ['--set run_cap.max=4: `run_cap` is 5, not a map: it has no key `max`'],
  },
  {
    name: 'a flag that turns bounds round',
    file: { ...keys(), set: ['parameters.x.max=-1'] },
    errors: ['--set parameters.x.max=-1: parameters.x.max: `min` is 0, more than `max`, -1'],
  },
  {
    name: 'a flag that is no YAML',
    file: { ...keys(), set: ['description="abc'] },
    errors: ['--set description="abc: not valid YAML: Missing closing "quote'],
  },
  {
    name: 'a flag that reaches into objects',
    file: { ...keys(), set: ['trainer.args.__proto__.x=1'] },
    errors: ["--set trainer.args.__proto__.x=1: `__proto__` can't be a key"],
  },
  {
    name: 'a flag beyond a list',
    file: { ...keys('retry: {on: [a]}'), set: ['retry.on.3=b'] },
    errors: ['--set retry.on.3=b: `retry.on` is a list of 1; `3` is none of its places (0 is the first)'],
  },
  {
    name: 'several errors at once',
    file: {
      text: 'name: a b\ntrainer: {module: train.ts}\nmethod: random\nmetric: {name: test_acc}\nparameters:\n  lr: {min: 1.0, max: 0.1}\n  n: {distribution: int, min: 1, max: 2}\nbudget: {wallclock: soon}\n',
    },
    errors: [
      '1:7: name: expected a name of letters, digits, `_`, `-` and `.` that begins with a letter or digit (at most 100), got "a b"',
      '3:1: `run_cap` is missing: `method: random` never ends by itself. Add `run_cap: 30`, or `budget: {wallclock: 10m}`',
      '4:16: metric.name: a search never reads the test part: optimise `val_acc`, got "test_acc"',
      '6:13: parameters.lr.min: `min` is 1, more than `max`, 0.1',
      '7:21: parameters.n.distribution: unknown distribution "int"; there are constant, categorical, categorical_w_probabilities, int_uniform, uniform, q_uniform, log_uniform_values, q_log_uniform_values, inv_log_uniform_values, normal, q_normal, log_normal, q_log_normal',
      '8:21: budget.wallclock: expected a duration such as `90s`, `10m` or `6h`, got "soon"',
    ],
  },
];
