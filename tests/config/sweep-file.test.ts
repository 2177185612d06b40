import { join } from 'node:path';
import {
  ConfigError,
  loadConfig,
  parseConfig,
  resumeOverrides,
  type SweepConfig,
} from '@tfsweep/orchestrator/config';
import { describe, expect, it } from 'vitest';
import { DEVICE_FAULTS } from '../../packages/orchestrator/src/config/file-schema.ts';
import { tempFolder } from '../../packages/orchestrator/src/config/testing/temp-folder.ts';

/** The example of the design, without what is of a later version. */
const FULL = `# yaml-language-server: $schema=../tfsweep.schema.json
name: digits-cnn
seed: 7
trainer:
  task: multiclass
  dataset: {name: mnist, limit: 4000}
  model: {type: cnn, filters: [$filters, 32], dense: [$units], dropout: $dropout}
  optimizer: {type: $optimizer, learning_rate: $learning_rate, momentum: $momentum}
  batch_size: 64
method: bayes
sampler: {type: auto}
metric: {name: val_accuracy, goal: maximize, target: 0.99}
parameters:
  learning_rate: {distribution: log_uniform_values, min: 1.0e-5, max: 0.1, prior: 1.0e-3}
  filters: {values: [8, 16, 32]}
  units: {distribution: q_log_uniform_values, min: 16, max: 256, q: 16}
  dropout: {min: 0.0, max: 0.6}
  optimizer: {values: [adam, sgd]}
  momentum: {min: 0.5, max: 0.99, when: {optimizer: [sgd]}}
fidelity: {unit: epochs, min: 1, max: 9}
early_terminate: {type: asha, eta: 3}
run_cap: 30
budget: {wallclock: 10m, trial_wallclock: 2m, max_failed: 10}
resources: {max_concurrent: 4, trials_per_gpu: 1}
checkpoints: {every: 1, keep: [best, latest]}
retry: {max_attempts: 3, backoff: 5s}
warm_start: {points: [{learning_rate: 0.001, optimizer: adam}], sweeps: [digits-cnn-v0]}
`;

const SMALL =
  'trainer: {module: ./train.ts}\nmethod: grid\nmetric: {name: loss}\nparameters:\n  x: {values: [1, 2]}\n';

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a sweep file', () => {
  it('with every key is read whole', () => {
    const { config, warnings, source } = parseConfig(FULL, 'sweep.yaml');
    expect(warnings).toEqual([]);
    expect(source).toBe(FULL);
    expect(config).toMatchObject({
      name: 'digits-cnn',
      description: null,
      seed: 7,
      method: 'bayes',
      sampler: { type: 'auto', options: {} },
      metric: { name: 'val_accuracy', goal: 'maximize', target: 0.99, reduce: { type: 'last' } },
      fidelity: { unit: 'epochs', min: 1, max: 9 },
      earlyTerminate: { type: 'asha', minIter: 1, maxIter: 9, eta: 3 },
      runCap: 30,
      budget: { wallclockMs: 600_000, trialWallclockMs: 120_000, maxFailed: 10, gpuHours: null },
      resources: { maxConcurrent: 4, trialsPerGpu: 1, gpusPerTrial: 'auto', priority: 1 },
      checkpoints: { every: 1, keep: ['best', 'latest'] },
      retry: { maxAttempts: 3, backoffMs: 5_000, on: [], never: [], elsewhere: DEVICE_FAULTS },
      stopGraceMs: 5_000,
      warmStart: {
        points: [{ learning_rate: 0.001, optimizer: 'adam' }],
        sweeps: ['digits-cnn-v0'],
        ifMissing: 'error',
      },
    });
    // The trainer's description keeps its references, and learns how long it trains.
    expect(config.trainer).toMatchObject({
      kind: 'declarative',
      spec: { epochs: 9, model: { filters: ['$filters', 32] } },
    });
  });

  it('with the least keys gets every default', () => {
    const { config } = parseConfig(SMALL, '/somewhere/my first sweep.yaml');
    expect(config).toEqual({
      name: 'my-first-sweep',
      description: null,
      seed: 0,
      trainer: { kind: 'module', module: 'train.ts', args: {} },
      method: 'grid',
      sampler: { type: 'grid', options: {} },
      metric: { name: 'loss', goal: 'minimize', target: null, reduce: { type: 'last' } },
      otherMetrics: [],
      parameters: [
        { name: 'x', distribution: { kind: 'categorical', choices: [1, 2], ordered: true }, when: [] },
      ],
      fidelity: null,
      earlyTerminate: null,
      terminate: null,
      reproducible: null,
      fixed: {},
      runCap: null,
      budget: { wallclockMs: null, trialWallclockMs: null, maxFailed: null, gpuHours: null },
      resources: { maxConcurrent: null, trialsPerGpu: 1, gpusPerTrial: 'auto', priority: 1 },
      checkpoints: null,
      retry: { maxAttempts: 3, backoffMs: 5_000, on: [], never: [], elsewhere: DEVICE_FAULTS },
      stopGraceMs: 5_000,
      warmStart: { points: [], sweeps: [], ifMissing: 'error' },
    });
  });

  it('may have a byte order mark and line ends of Windows', () => {
    const windows = `\uFEFF${SMALL.replaceAll('\n', '\r\n')}`;
    expect(parseConfig(windows, 'a.yaml').config.parameters).toHaveLength(1);
    const message = messageOf(() => parseConfig(`${windows}sed: 1\r\n`, 'a.yaml'));
    expect(message).toBe('a.yaml:6:1: sed: unknown key `sed`; did you mean `seed`?');
  });

  it('may use anchors, each value with the place where it stands', () => {
    const text = SMALL.replace('{values: [1, 2]}', '&x {min: 0.0, max: 1.0, count: 2}').concat('  y: *x\n');
    expect(parseConfig(text, 'a.yaml').config.parameters[1]).toMatchObject({
      name: 'y',
      distribution: { kind: 'float' },
    });
  });

  it('needs no trainer, metric or run_cap where nothing is trained', () => {
    const text = 'parameters:\n  x: {min: 0.0, max: 1.0}\n';
    const { config } = parseConfig(text, 'a.yaml', { trainerOptional: true });
    expect(config).toMatchObject({
      trainer: null,
      method: 'bayes',
      runCap: null,
      metric: { name: 'value', goal: 'minimize' },
    });
  });

  it('spells the metric as the trainer reports it, and warns where a goal is likely to be forgotten', () => {
    const { config, warnings } = parseConfig(SMALL.replace('loss', 'val_acc'), 'a.yaml');
    expect(config.metric.name).toBe('val_accuracy');
    expect(warnings).toEqual([
      expect.stringContaining('is spelled `val_accuracy`'),
      expect.stringContaining('goal: maximize'),
    ]);
  });

  it('takes epochs from the trainer where fidelity gives no end', () => {
    const text = FULL.replace('max: 9}', '}')
      .replace('min: 1, }', 'min: 1}')
      .replace('batch_size: 64', 'batch_size: 64\n  epochs: 6');
    expect(parseConfig(text, 'a.yaml').config).toMatchObject({
      fidelity: { min: 1, max: 6 },
      earlyTerminate: { maxIter: 6 },
      trainer: { spec: { epochs: 6 } },
    });
  });

  it('warns of a scheduler that can stop nothing', () => {
    const { warnings } = parseConfig(FULL.replace('min: 1, max: 9', 'min: 1, max: 1'), 'a.yaml');
    expect(warnings).toEqual(['early_terminate: a trial trains 1 step, so none can be stopped early']);
  });

  it('leaves no trace of a hostile key in JavaScript objects', () => {
    expect(
      messageOf(() => parseConfig(`${SMALL}warm_start: {points: [{__proto__: {polluted: 1}}]}\n`, 'a.yaml')),
    ).toContain("`__proto__` can't be a key");
    expect('polluted' in {}).toBe(false);
  });
});

describe('--set', () => {
  it('replaces, adds and reaches into lists and names with dots', () => {
    const text = FULL.replaceAll('units', 'dense.units').replace('max_attempts: 3', 'on: [a, b]');
    const { config } = parseConfig(text, 'a.yaml', {
      set: [
        'seed=9',
        'parameters.dense.units.max=64',
        'trainer.model.filters.1=16',
        'retry.on.1=c',
        'checkpoints={every: 2}',
        'stop_grace=1500ms',
      ],
    });
    expect(config).toMatchObject({
      seed: 9,
      trainer: { spec: { model: { filters: ['$filters', 16] } } },
      retry: { on: ['a', 'c'] },
      checkpoints: { every: 2, keep: ['best', 'latest'] },
      stopGraceMs: 1_500,
    });
    expect(config.parameters.find(({ name }) => name === 'dense.units')!.distribution).toMatchObject({
      high: 64,
    });
  });

  it('can turn the method and all that hangs on it', () => {
    const { config } = parseConfig(SMALL, 'a.yaml', {
      set: ['method=random', 'run_cap=3', 'sampler.type=sobol'],
    });
    expect(config).toMatchObject({ method: 'random', runCap: 3, sampler: { type: 'sobol' } });
  });
});

describe('metrics', () => {
  const several = (list: string, more = ''): string =>
    SMALL.replace(/^metric:.*$/m, `metrics: ${list}`).concat(more);

  it('are one first objective and the others in their order, constraints among them', () => {
    const { config, warnings } = parseConfig(
      several(
        '[{name: size, max: 100}, {name: val_acc, goal: maximize, target: 0.9}, {name: width, min: 1, max: 4, reduce: mean_last_3}, {name: loss}]',
      ),
      'a.yaml',
    );
    expect(config.metric).toMatchObject({ name: 'val_accuracy', goal: 'maximize', target: 0.9 });
    expect(config.otherMetrics).toEqual([
      { name: 'size', min: null, max: 100, reduce: { type: 'last' } },
      { name: 'width', min: 1, max: 4, reduce: { type: 'mean_last', k: 3 } },
      { name: 'loss', goal: 'minimize', target: null, reduce: { type: 'last' } },
    ]);
    expect(warnings).toEqual(['metrics.1.name: `val_acc` is spelled `val_accuracy` here']);
  });

  it('of a list of one are the same as one metric', () => {
    const { config } = parseConfig(several('[{name: loss}]'), 'a.yaml');
    expect(config).toEqual(parseConfig(SMALL, 'a.yaml').config);
  });
});

describe('reproducible', () => {
  it.each([
    ['reproducible: true', { lag: 4 }],
    ['reproducible: false', null],
    ['reproducible: {}', { lag: 4 }],
    ['reproducible: true\nresources: {max_concurrent: 7}', { lag: 7 }],
    ['reproducible: {lag: 2}', { lag: 2 }],
  ])('%j has its lag settled', (text, expected) => {
    const { config, warnings } = parseConfig(`${SMALL}${text}\n`, 'a.yaml');
    expect([config.reproducible, warnings]).toEqual([expected, []]);
  });

  it('warns where more are to run at once than the lag allows', () => {
    const { warnings } = parseConfig(
      `${SMALL}reproducible: {lag: 2}\nresources: {max_concurrent: 3}\n`,
      'a.yaml',
    );
    expect(warnings).toEqual(['reproducible: at most 2 trials run at once, whatever `max_concurrent` says']);
  });
});

describe('resume --set', () => {
  const { config } = parseConfig(FULL, 'a.yaml');

  it('changes budgets, resources, run_cap, retry and stop_grace, and keeps what it does not name', () => {
    const changed = resumeOverrides(config, [
      'run_cap=60',
      'budget.wallclock=1h',
      'resources.max_concurrent=2',
      'retry.max_attempts=5',
      'stop_grace=10s',
    ]);
    expect(changed).toEqual({
      ...config,
      runCap: 60,
      budget: { ...config.budget, wallclockMs: 3_600_000 },
      resources: { ...config.resources, maxConcurrent: 2 },
      retry: { ...config.retry, maxAttempts: 5 },
      stopGraceMs: 10_000,
    });
  });

  it('fixes parameters, one by one or all at once, over what was fixed before', () => {
    const fixed = resumeOverrides(config, ['fixed.dropout=0.25', 'parameters.optimizer=sgd']);
    expect(fixed).toEqual({ ...config, fixed: { dropout: 0.25, optimizer: 'sgd' } });
    expect(resumeOverrides(fixed, ['fixed.momentum=0.9']).fixed).toEqual({
      dropout: 0.25,
      optimizer: 'sgd',
      momentum: 0.9,
    });
    expect(resumeOverrides(fixed, ['run_cap=9']).fixed).toEqual(fixed.fixed);
    expect(resumeOverrides(fixed, ['fixed={dropout: 0.1}']).fixed).toEqual({ dropout: 0.1 });
    expect(resumeOverrides(fixed, ['fixed={}']).fixed).toEqual({});
  });

  it('changes what ends the sweep: null takes a condition away, what is not named stays', () => {
    expect(config.metric.target).toBe(0.99);
    expect(resumeOverrides(config, ['metric.target=0.995'])).toEqual({
      ...config,
      metric: { ...config.metric, target: 0.995 },
    });
    expect(resumeOverrides(config, ['metric.target=null']).metric.target).toBeNull();
    const ends = (before: SweepConfig, ...set: string[]) => resumeOverrides(before, set).terminate;
    expect(ends(config)).toBeNull();
    const both = resumeOverrides(config, ['terminate={stagnation: 30, regret: {noise: 0.01}}']);
    expect(both.terminate).toEqual({ stagnation: 30, regret: { minTrials: 20, noise: 0.01 } });
    expect(ends(both, 'terminate.stagnation=60')).toEqual({ ...both.terminate, stagnation: 60 });
    expect(ends(both, 'terminate.stagnation=null')).toEqual({ ...both.terminate, stagnation: null });
    expect(ends(both, 'terminate.regret.noise=null')?.regret).toEqual({ minTrials: 20, noise: null });
    expect(ends(both, 'terminate.regret=null')).toEqual({ stagnation: 30, regret: null });
    expect(ends(both, 'terminate=null')).toBeNull();
    expect(ends(both, 'terminate.regret=null', 'terminate.stagnation=null')).toBeNull();
    expect(ends(both, 'terminate={stagnation: 5}')).toEqual({ stagnation: 5, regret: null });
    expect(ends(both, 'run_cap=99')).toEqual(both.terminate);
  });

  it.each([
    ['terminate.stagnation=0', 'expected'],
    ['terminate.stagnatoin=9', 'did you mean `stagnation`?'],
    ['terminate=30', 'expected a map'],
    ['metric.target=high', 'expected a number'],
    ['metric.goal=minimize', "`metric` can't change while a sweep goes on"],
    ['fixed.dropuot=0.1', 'did you mean `dropout`?'],
    ['fixed.dropout=9', 'expected a number between 0 and 0.6, got 9'],
    ['fixed.optimizer=rmsprop', 'expected one of "adam", "sgd", got "rmsprop"'],
    ['fixed=dropout', 'expected a map such as'],
    ['fixed.dropout=[0.1, 0.2]', "a range can't change while a sweep goes on"],
    [
      'fixed={optimizer: adam, momentum: 0.9}',
      '`momentum` is fixed too, and is there only when optimizer is "sgd"',
    ],
    ['seed=8', 'warm_start.sweeps'],
    ['parameters.dropout.max=0.3', 'warm_start.sweeps'],
    ['trainer.batch_size=32', "can't change while a sweep goes on"],
    ['buget.wallclock=1h', 'did you mean `budget`?'],
    ['budget.wallclok=1h', 'did you mean `wallclock`?'],
    ['run_cap=none', 'expected a number, got "none"'],
  ])('refuses %s', (set, hint) => {
    const message = messageOf(() => resumeOverrides(config, [set]));
    expect(message).toContain(`--set ${set}: `);
    expect(message).toContain(hint);
  });
});

describe('a sweep file on disk', () => {
  it('is read with the folder that its paths are relative to', () => {
    const folder = tempFolder({ 'sweeps/a.yaml': SMALL, 'sweeps/train.ts': '' });
    const loaded = loadConfig(join(folder, 'sweeps/a.yaml'));
    expect(loaded).toMatchObject({ configDir: join(folder, 'sweeps'), source: SMALL });
  });

  it.each<[string, string | Uint8Array, string]>([
    [
      'is too large',
      `# ${'x'.repeat(1_048_576)}\n`,
      '1:1: too large: 1048579 bytes, a sweep file has at most 1048576',
    ],
    [
      'is no UTF-8',
      Buffer.concat([Buffer.from('a: 1\nb: '), Buffer.from([0xff, 0x41])]),
      '2:4: not UTF-8; save the file as UTF-8',
    ],
    ['is UTF-16', Buffer.from('\uFEFFa: 1', 'utf16le'), '1:1: not UTF-8 but UTF-16; save the file as UTF-8'],
    ['names a module that is not there', SMALL, '1:19: trainer.module: no such file: '],
  ])('is refused when it %s', (_what, content, expected) => {
    const path = join(tempFolder({ 'a.yaml': content }), 'a.yaml');
    expect(messageOf(() => loadConfig(path))).toContain(`${path}:${expected}`);
  });

  it('is refused when it is not there, or a folder', () => {
    const folder = tempFolder();
    expect(messageOf(() => loadConfig(join(folder, 'a.yaml')))).toContain(
      'no such file; `tfsweep init` writes one',
    );
    expect(messageOf(() => loadConfig(folder))).toContain('expected a file');
  });

  it('is checked against the columns of its table', () => {
    const sweep = (dataset: string): string =>
      `trainer: {dataset: ${dataset}, model: {type: mlp, hidden: [$units]}, epochs: 2}
method: grid
metric: {name: val_loss}
parameters:
  units: {values: [4, 8]}
`;
    const folder = tempFolder({
      'houses.csv': '\uFEFF"size, m2";rooms;price\r\n80;3;200\r\n',
      'good.yaml': sweep('{csv: houses.csv, target: price, delimiter: ";", features: ["size, m2"]}'),
      'bad.yaml': sweep('{csv: houses.csv, target: prize, delimiter: ";", exclude: [garden]}'),
      'none.yaml': sweep('{csv: housing.csv, target: price}'),
    });
    expect(loadConfig(join(folder, 'good.yaml')).config.name).toBe('good');
    const bad = messageOf(() => loadConfig(join(folder, 'bad.yaml')));
    expect(bad).toContain('bad.yaml:1:46: trainer.dataset.target: no column `prize`');
    expect(bad).toContain('did you mean `price`?');
    expect(bad).toContain('trainer.dataset.exclude.0: no column `garden`');
    expect(bad).toContain('it has size, m2, rooms, price');
    expect(messageOf(() => loadConfig(join(folder, 'none.yaml')))).toContain(
      'trainer.dataset.csv: no such file',
    );
  });
});
