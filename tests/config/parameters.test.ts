import { parseConfig, type SweepConfig } from '@tfsweep/orchestrator/config';
import { describe, expect, it } from 'vitest';

const HEAD = 'trainer: {module: ./train.ts}\nmethod: random\nrun_cap: 5\nmetric: {name: loss}\nparameters:\n';

function load(parameters: readonly string[], fileName = 'sweep.yaml', set: readonly string[] = []) {
  return parseConfig(`${HEAD}${parameters.map((line) => `  ${line}\n`).join('')}`, fileName, { set });
}

function parameterOf(line: string): SweepConfig['parameters'][number] {
  return load([`x: ${line}`]).config.parameters[0]!;
}

describe('a parameter', () => {
  const float = { kind: 'float', log: false };
  const int = { kind: 'int', log: false, step: 1 };
  const choices = (values: unknown[], ordered: boolean) => ({
    kind: 'categorical',
    choices: values,
    ordered,
  });

  it.each([
    ['{value: 3}', { kind: 'constant', value: 3 }],
    ['{value: null}', { kind: 'constant', value: null }],
    ['{distribution: constant, value: adam}', { kind: 'constant', value: 'adam' }],
    ['{values: [adam, sgd]}', choices(['adam', 'sgd'], false)],
    ['{values: [a, 1, true, null]}', choices(['a', 1, true, null], false)],
    ['{values: [8, 16, 32]}', choices([8, 16, 32], true)],
    ['{values: [8, 16, 32], ordered: false}', choices([8, 16, 32], false)],
    ['{values: [32, 8]}', choices([32, 8], false)],
    ['{distribution: categorical, values: [a]}', choices(['a'], false)],
    [
      '{values: [a, b], probabilities: [0.25, 0.75]}',
      { ...choices(['a', 'b'], false), probabilities: [0.25, 0.75] },
    ],
    [
      '{distribution: categorical_w_probabilities, values: [a, b, c], probabilities: [0.1, 0.2, 0.7]}',
      { ...choices(['a', 'b', 'c'], false), probabilities: [0.1, 0.2, 0.7] },
    ],
    ['{min: 1, max: 4}', { ...int, low: 1, high: 4 }],
    ['{min: -4, max: +4}', { ...int, low: -4, high: 4 }],
    ['{min: 16, max: 64, q: 16}', { ...int, low: 16, high: 64, step: 16 }],
    ['{distribution: int_uniform, min: 1, max: 4}', { ...int, low: 1, high: 4 }],
    ['{distribution: int_uniform, min: 1.0, max: 4.0}', { ...int, low: 1, high: 4 }],
    ['{min: 0, max: 1.0}', { ...float, low: 0, high: 1 }],
    ['{min: 0.0, max: 1}', { ...float, low: 0, high: 1 }],
    ['{min: 1, max: 1e3}', { ...float, low: 1, high: 1000 }],
    ['{min: 1, max: 4, int: false}', { ...float, low: 1, high: 4 }],
    ['{min: 0.5, max: 3.5, int: true}', { ...int, low: 1, high: 3 }],
    ['{distribution: uniform, min: 1, max: 4}', { ...float, low: 1, high: 4 }],
    ['{min: 0.0, max: 1.0, q: 0.1}', { ...float, low: 0, high: 1, step: 0.1 }],
    ['{distribution: q_uniform, min: 1, max: 9}', { ...float, low: 1, high: 9, step: 1 }],
    ['{distribution: q_uniform, min: 1, max: 9, q: 2, int: true}', { ...int, low: 1, high: 9, step: 2 }],
    ['{distribution: log_uniform_values, min: 1, max: 100}', { ...float, low: 1, high: 100, log: true }],
    [
      '{distribution: log_uniform_values, min: 1, max: 100, int: true}',
      { ...int, low: 1, high: 100, log: true },
    ],
    [
      '{distribution: q_log_uniform_values, min: 16, max: 256, q: 16}',
      { ...float, low: 16, high: 256, log: true, step: 16 },
    ],
    [
      '{distribution: inv_log_uniform_values, min: 0.1, max: 10.0}',
      { ...float, low: 0.1, high: 10, log: true },
    ],
    ['{distribution: normal}', { kind: 'normal', mu: 0, sigma: 1, log: false, int: false }],
    [
      '{distribution: normal, mu: 3, sigma: 0.5, int: true}',
      { kind: 'normal', mu: 3, sigma: 0.5, log: false, int: true, step: 1 },
    ],
    [
      '{distribution: q_normal, mu: 3, sigma: 2, q: 0.5}',
      { kind: 'normal', mu: 3, sigma: 2, log: false, int: false, step: 0.5 },
    ],
    [
      '{distribution: log_normal, mu: -5, sigma: 1}',
      { kind: 'normal', mu: -5, sigma: 1, log: true, int: false },
    ],
    [
      '{distribution: q_log_normal, mu: 2, sigma: 1}',
      { kind: 'normal', mu: 2, sigma: 1, log: true, int: false, step: 1 },
    ],
    ['{min: 3, max: 3}', { kind: 'constant', value: 3 }],
    ['{min: 10, max: 25, q: 10, int: true, prior: 20}', { ...int, low: 10, high: 25, step: 10 }],
    ['{distribution: q_uniform, min: 3, max: 7, q: 5}', { kind: 'constant', value: 5 }],
  ])('%s', (line, distribution) => {
    expect(parameterOf(line).distribution).toEqual(distribution);
  });

  it('keeps prior, count and conditions', () => {
    const { config } = load([
      'opt: {values: [adam, sgd]}',
      'n: {min: 1, max: 4, when: {opt: [sgd]}}',
      'm: {min: 0.0, max: 1.0, prior: 0.5, prior_confidence: 0.8, count: 3, when: {opt: [sgd], n: {ge: 2, lt: 4}}}',
    ]);
    expect(config.parameters[2]).toMatchObject({
      prior: 0.5,
      priorConfidence: 0.8,
      count: 3,
      when: [
        { parameter: 'opt', kind: 'in', values: ['sgd'] },
        { parameter: 'n', kind: 'compare', ge: 2, lt: 4 },
      ],
    });
  });

  it('has no spelling in JSON: whole bounds are real numbers there, with a warning, and `int: true` makes them whole', () => {
    const json = (parameter: object): string =>
      JSON.stringify({
        trainer: { module: 'train.ts' },
        method: 'grid',
        metric: { name: 'loss' },
        parameters: { x: parameter },
      });
    const method = { set: ['method=random', 'run_cap=3'] };
    const real = parseConfig(json({ min: 1, max: 4 }), 'sweep.json', method);
    expect(real.config.parameters[0]!.distribution).toMatchObject({ kind: 'float' });
    expect(real.warnings).toEqual([expect.stringContaining('write `int: true`')]);
    const whole = parseConfig(json({ min: 1, max: 4, int: true }), 'sweep.json', method);
    expect(whole.config.parameters[0]!.distribution).toMatchObject({ kind: 'int' });
    expect(whole.warnings).toEqual([]);
  });

  it('stays whole when a flag moves one of its bounds', () => {
    const { config, warnings } = load(['x: {min: 1, max: 4}'], 'sweep.yaml', ['parameters.x.max=8']);
    expect(config.parameters[0]!.distribution).toEqual({ kind: 'int', low: 1, high: 8, log: false, step: 1 });
    expect(warnings).toEqual([]);
  });

  it('is warned about when its conditions exclude each other', () => {
    const { warnings } = load([
      'a: {values: [x, y]}',
      'b: {values: [1, 2], when: {a: [x]}}',
      'c: {values: [1, 2], when: {a: [y], b: [1]}}',
    ]);
    expect(warnings).toEqual([expect.stringContaining('parameters.c')]);
  });
});

describe("Weights & Biases' own examples", () => {
  it('are read with the meaning that they have there', () => {
    const { config } = parseConfig(
      `trainer: {module: train.ts}
name: sweepdemo
method: bayes
metric:
  goal: minimize
  name: validation_loss
parameters:
  learning_rate:
    min: 0.0001
    max: 0.1
  batch_size:
    values: [16, 32, 64]
  epochs:
    values: [5, 10, 15]
  optimizer:
    values: ["adam", "sgd"]
  fc_layer_size:
    distribution: q_log_uniform_values
    q: 8
    min: 32
    max: 256
  dropout:
    value: 0.5
early_terminate:
  type: hyperband
  s: 2
  eta: 3
  max_iter: 27
run_cap: 10
`,
      'wandb.yaml',
    );
    expect(config).toMatchObject({
      method: 'bayes',
      runCap: 10,
      metric: { name: 'validation_loss', goal: 'minimize' },
      earlyTerminate: { type: 'hyperband', s: 2, eta: 3, maxIter: 27, minIter: 3, strict: false },
    });
    expect(config.parameters.map(({ distribution }) => distribution.kind)).toEqual([
      'float',
      'categorical',
      'categorical',
      'categorical',
      'float',
      'constant',
    ]);
  });
});
