// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${name}` is the sweep file's own syntax.
import {
  CLASSIFICATION_SCORES,
  CURVES,
  MODEL_COSTS,
  REGRESSION_SCORES,
} from '@tfsweep/orchestrator/protocol';
import { type BrokenConfig, declarative, HEAD } from './builders.ts';

const METRICS = [...CLASSIFICATION_SCORES, ...REGRESSION_SCORES, ...CURVES, ...MODEL_COSTS]
  .map((name) => `\`${name}\``)
  .join(', ');

/** Trainers, and references in them. */
export const BROKEN_TRAINERS: readonly BrokenConfig[] = [
  {
    name: 'a trainer that is a path',
    file: { text: HEAD.replace('{module: ./train.ts}', './train.ts').concat('  x: {min: 0.0, max: 1.0}\n') },
    errors: [
      '1:10: trainer: expected a map with `dataset` and `model`, or with `module`, got "./train.ts"; write `{module: ./train.ts}`',
    ],
  },
  {
    name: 'a trainer outside of the folder',
    file: { text: HEAD.replace('./train.ts', '../train.ts').concat('  x: {min: 0.0, max: 1.0}\n') },
    errors: [
      '1:19: trainer.module: expected a relative path in this file\'s folder or below, got "../train.ts": workers on other hosts know that folder alone. Move the sweep file to a folder that holds both, or copy or link the file into this one',
    ],
  },
  {
    name: 'a trainer by an absolute path',
    file: { text: HEAD.replace('./train.ts', '/srv/train.ts').concat('  x: {min: 0.0, max: 1.0}\n') },
    errors: [
      '1:19: trainer.module: expected a relative path in this file\'s folder or below, got "/srv/train.ts": workers on other hosts know that folder alone. Move the sweep file to a folder that holds both, or copy or link the file into this one',
    ],
  },
  {
    name: 'a trainer in Python',
    file: { text: HEAD.replace('./train.ts', 'train.py').concat('  x: {min: 0.0, max: 1.0}\n') },
    errors: [
      '1:19: trainer.module: expected a TypeScript or JavaScript file (.ts, .mts, .js, .mjs, .cjs), got "train.py"; a program in another language can use `tfsweep ask-tell`',
    ],
  },
  {
    name: 'a trainer of nothing',
    file: { text: HEAD.replace('{module: ./train.ts}', '{epochs: 5}').concat('  x: {min: 0.0, max: 1.0}\n') },
    errors: ['1:1: trainer: expected `dataset` and `model`, or `module: ./train.ts`, got epochs'],
  },
  {
    name: 'an argument that refers to nothing',
    file: {
      text: HEAD.replace('train.ts}', 'train.ts, args: {rate: $y}}').concat('  x: {min: 0.0, max: 1.0}\n'),
    },
    errors: ['1:44: trainer.args.rate: `$y` refers to no parameter; did you mean `x`?'],
  },
  {
    name: 'an unknown model',
    file: declarative({ 'type: mlp': 'type: mpl' }),
    errors: [
      '3:17: trainer.model.type: expected one of `mlp`, `cnn`, `resnet`, got "mpl"; did you mean `mlp`?',
    ],
  },
  {
    name: 'a model of another kind',
    file: declarative({ 'type: mlp, hidden': 'type: mlp, filters' }),
    errors: [
      '3:22: trainer.model.filters: unknown key `filters`; known here: type, hidden, activation, initializer, normalization, dropout, l1, l2',
    ],
  },
  {
    name: 'an unknown data set',
    file: declarative({ 'name: mnist': 'name: mnits' }),
    errors: ['2:19: trainer.dataset.name: expected `mnist`, got "mnits"; did you mean `mnist`?'],
  },
  {
    name: 'more images than there are',
    file: declarative({ 'limit: 500': 'limit: 59000, validation: 5000' }),
    errors: ['2:33: trainer.dataset.limit: expected at most 60000 together with `validation`, got 59000'],
  },
  {
    name: 'a split that stands elsewhere',
    file: declarative({ 'limit: 500': 'limit: 500, stratified: true' }),
    errors: [
      '2:38: trainer.dataset.stratified: stands in `split: {type: stratified}`, or `group` or `time` with a `column`',
    ],
  },
  {
    name: 'a table without a target',
    file: declarative({ '{name: mnist, limit: 500}': '{csv: data.csv}' }),
    errors: ['2:3: trainer.dataset: required key `target` is missing: expected a text'],
  },
  {
    name: 'a table outside of the folder',
    file: declarative({ '{name: mnist, limit: 500}': '{csv: ../data.csv, target: y}' }),
    errors: [
      '2:18: trainer.dataset.csv: expected a relative path in this file\'s folder or below, got "../data.csv": workers on other hosts know that folder alone. Move the sweep file to a folder that holds both, or copy or link the file into this one',
    ],
  },
  {
    name: 'a reference to no parameter',
    file: declarative({ $dropout: '$dropuot' }),
    errors: [
      '3:45: trainer.model.dropout: `$dropuot` refers to no parameter; did you mean `dropout`?',
      '9:3: parameters.dropout: is referenced nowhere under `trainer:`, so it would change nothing; write `dropout: $dropout` under `trainer.model`, or remove it',
    ],
  },
  {
    name: 'a reference inside a text without braces',
    file: declarative({ $dropout: '"-$dropout"' }),
    errors: [
      '3:45: trainer.model.dropout: inside a text a reference is written `${dropout}`, and a dollar `$$`',
      '3:45: trainer.model.dropout: expected a number, got "-$dropout"',
      '9:3: parameters.dropout: is referenced nowhere under `trainer:`, so it would change nothing; write `dropout: $dropout` under `trainer.model`, or remove it',
    ],
  },
  {
    name: 'a reference that keeps no type',
    file: declarative({ $dropout: '"${dropout}"' }),
    errors: [
      '3:45: trainer.model.dropout: expected a number, got "0" from `$dropout`; `${dropout}` always makes a text, write `$dropout` to keep the type; `dropout` is declared on line 9',
    ],
  },
  {
    name: 'a parameter that is referenced nowhere',
    file: declarative({ '  dropout: {min': '  units: {values: [8]}\n  dropout: {min' }),
    errors: [
      '9:3: parameters.units: is referenced nowhere under `trainer:`, so it would change nothing; write `$units` where it should act, or remove it',
    ],
  },
  {
    name: 'a value that does not fit where it goes',
    file: declarative({ 'max: 0.5': 'max: 1.0' }),
    errors: [
      '3:45: trainer.model.dropout: expected a number that is at most 0.95, got 1 from `$dropout`; `dropout` is declared on line 9',
    ],
  },
  {
    name: 'a choice that does not fit where it goes',
    file: declarative({
      $dropout: '$dropout, activation: $act',
      '  dropout: {min': '  act: {values: [relu, sine]}\n  dropout: {min',
    }),
    errors: [
      '3:67: trainer.model.activation: expected one of `relu`, `leaky_relu`, `elu`, `selu`, `gelu`, `swish`, `tanh`, `sigmoid`, `linear`, got "sine" from `$act`; `act` is declared on line 9',
    ],
  },
  {
    name: 'a required key that may be absent',
    file: declarative({
      '{name: mnist, limit: 500}': '{csv: $file, target: y}',
      '  dropout: {min':
        '  kind: {values: [a, b]}\n  file: {values: [a.csv], when: {kind: [a]}}\n  dropout: {min',
    }),
    errors: [
      '2:13: trainer.dataset.csv: required key `csv` is left out where `file` is absent; `file` is declared on line 10, there only when kind is "a"',
    ],
  },
  {
    name: 'a key that a reference makes foreign',
    file: declarative({
      'type: mlp': 'type: $model',
      '  dropout: {min': '  model: {values: [mlp, cnn]}\n  dropout: {min',
    }),
    errors: [
      '3:25: trainer.model: unknown key `hidden` where `model` is "cnn"; `model` is declared on line 9',
    ],
  },
  {
    name: 'a metric that there is not',
    file: declarative({ '  epochs: 2': '  metrics: [accuracy, f2]\n  epochs: 2' }),
    errors: [`4:23: trainer.metrics.1: expected one of ${METRICS}, got "f2"; did you mean \`f1\`?`],
  },
  {
    name: 'a metric of another task',
    file: declarative({ '  epochs: 2': '  metrics: [accuracy, rmse, roc_curve]\n  epochs: 2' }),
    errors: [
      '4:23: trainer.metrics.1: expected a metric of multiclass such as `accuracy`, `f1` or `auc` (`rmse` is of regressions), got "rmse"',
      '4:29: trainer.metrics.2: expected a metric of several classes such as `confusion_matrix` (`roc_curve` is of two), got "roc_curve"',
    ],
  },
  {
    name: 'a sweep over what is not measured',
    file: declarative({ 'val_loss, goal: minimize': 'val_f1_macro, goal: maximize' }),
    errors: [
      '7:16: metric.name: `val_f1_macro` is not measured; write `metrics: [accuracy, f1_macro]` under `trainer:`',
    ],
  },
  {
    name: 'a sweep over a curve',
    file: declarative({
      '  epochs: 2': '  metrics: [confusion_matrix]\n  epochs: 2',
      'val_loss, goal: minimize': 'confusion_matrix, goal: maximize',
    }),
    errors: ['8:16: metric.name: `confusion_matrix` is no number: a search needs one, such as `val_auc`'],
  },
  {
    name: 'a key of another optimizer',
    file: declarative({ '  epochs: 2': '  optimizer: {type: adam, momentum: 0.9}\n  epochs: 2' }),
    errors: [
      '4:37: trainer.optimizer.momentum: expected no `momentum` with `adam` (it is for `sgd`, `momentum`, `nesterov`, `rmsprop`; a parameter for it needs a `when`), got 0.9',
    ],
  },
  {
    name: 'a key of an optimizer that is not always chosen',
    file: declarative({
      '  epochs: 2': '  optimizer: {type: $o, beta1: $b}\n  epochs: 2',
      '  dropout: {min': '  o: {values: [adamw, sgd]}\n  b: {min: 0.8, max: 0.95}\n  dropout: {min',
    }),
    errors: [
      '4:32: trainer.optimizer.beta1: expected no `beta1` with `sgd` (it is for `adam`, `adamw`, `adamax`; a parameter for it needs a `when`), got 0.8 from `$b`; `b` is declared on line 11',
    ],
  },
  {
    name: 'a schedule of another kind',
    file: declarative({
      '  epochs: 2': '  optimizer: {schedule: {type: cosine, every: 3}}\n  scheduler: cosine\n  epochs: 2',
    }),
    errors: [
      '4:40: trainer.optimizer.schedule.every: unknown key `every`; known here: type, final, warmup',
      '5:3: trainer.scheduler: stands in `optimizer: {schedule: {type: cosine}}` under `trainer:`',
    ],
  },
  {
    name: 'a loss of another task',
    file: declarative({ '  epochs: 2': '  loss: {type: quantile, quantile: 0.9}\n  epochs: 2' }),
    errors: [
      '4:16: trainer.loss.type: expected a loss of multiclass (`cross_entropy`, `focal`, `hinge`, `cosine`, `mse`, `mae`), got "quantile"',
    ],
  },
  {
    name: 'weights of classes in a regression',
    file: declarative({
      '{name: mnist, limit: 500}': '{csv: a.csv, target: y}',
      '  epochs: 2': '  task: regression\n  class_weight: balanced\n  class_weights: balanced\n  epochs: 2',
    }),
    errors: [
      '5:3: trainer.class_weight: is spelled `class_weights`',
      '6:18: trainer.class_weights: expected no class weights: a regression has no classes, got "balanced"',
    ],
  },
  {
    name: 'a trial that stops by what is not measured',
    file: declarative({ '  epochs: 2': '  early_stopping: {metric: val_auc}\n  epochs: 2' }),
    errors: [
      '4:28: trainer.early_stopping.metric: expected what is measured (`val_loss`, `val_accuracy`; `metrics` adds to it), got "val_auc"',
    ],
  },
  {
    name: 'averages that batch normalisation knows nothing of',
    file: declarative({
      'type: mlp': 'type: mlp, normalization: batch',
      '  epochs: 2': '  optimizer: {averaging: {type: swa}}\n  epochs: 2',
    }),
    errors: [
      '4:33: trainer.optimizer.averaging.type: expected no `swa` with `normalization: batch`, whose statistics would be those of other weights (use `normalization: layer`, or `ema`), got "swa"',
    ],
  },
  {
    name: 'a split by nothing, and one by too much',
    file: declarative({
      '{name: mnist, limit: 500}': '{csv: data.csv, target: y, split: {type: group}}',
    }),
    errors: [
      '2:39: trainer.dataset.split: required key `column` is missing: expected a column, which `group` splits by',
    ],
  },
  {
    name: 'a type of a column that there is not',
    file: declarative({
      '{name: mnist, limit: 500}': '{jsonl: data.jsonl, target: y, columns: {age: number}}',
    }),
    errors: [
      '2:58: trainer.dataset.columns.age: expected one of `numeric`, `categorical`, `date`, got "number"',
    ],
  },
];
