import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testBackend } from '../../packages/worker/src/backends/testing/test-backend.ts';
import { RunnerClient, trainerModule, Workplace } from './runner-client.ts';

/** A dense network on made-up rows; `fit` is its last argument. */
const MODEL = `
    const model = ctx.tf.sequential();
    model.add(ctx.tf.layers.dense({ units: 4, activation: 'relu', inputShape: [3] }));
    model.add(ctx.tf.layers.dropout({ rate: 0.3 }));
    model.add(ctx.tf.layers.dense({ units: 2, activation: 'softmax' }));
    model.compile({ optimizer: ctx.tf.train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    const xs = ctx.tf.randomNormal([64, 3]);
    const ys = ctx.tf.oneHot(ctx.tf.randomUniform([64], 0, 2, 'int32'), 2).toFloat();`;

const fit = (epochs: string) => `${MODEL}
    await model.fit(xs, ys, { epochs: ${epochs}, batchSize: 8, validationSplit: 0.25, callbacks: [ctx.callback()], verbose: 0 });`;

it('reports each epoch of model.fit from 1 on, with the names that sweep files use', async () => {
  const place = new Workplace();
  place.write('fit.mjs', trainerModule(fit('ctx.budget.to')));
  const runner = new RunnerClient(place);
  expect(await runner.ready).toMatchObject({ type: 'ready', versions: { tfjs: '4.22.0' } });
  const { reports, finished } = await runner.run({ trainer: { module: 'fit.mjs' }, to: 3 });
  expect(reports.map((report) => report.step)).toEqual([1, 2, 3]);
  expect(Object.keys(reports[0]!.values).sort()).toEqual(['accuracy', 'loss', 'val_accuracy', 'val_loss']);
  expect(finished?.outcome).toEqual({ kind: 'complete', values: {} });
  expect(runner.output).toBe('');
});

it('passes on what a trainer prints, and nothing that TensorFlow.js prints by itself', async () => {
  const place = new Workplace();
  place.write('warns.mjs', trainerModule(`${fit('1')}\n    globalThis.console.warn('of my own');`));
  // tfjs greets on the cpu backend, and advises another one.
  const runner = new RunnerClient(place, { TFSWEEP_BACKEND: 'cpu' });
  await runner.run({ trainer: { module: 'warns.mjs' } });
  expect(runner.output).toBe('of my own\n');
});

it('gives the same numbers twice for one seed, and others for another, on one backend', async () => {
  const place = new Workplace();
  place.write('fit.mjs', trainerModule(fit('2')));
  const runner = new RunnerClient(place, { TFSWEEP_BACKEND: testBackend('wasm') });
  const trainer = { module: 'fit.mjs' };
  const first = await runner.run({ trainer, seed: 7 });
  const other = await runner.run({ trainer, seed: 8 });
  const again = await runner.run({ trainer, seed: 7 });
  const elsewhere = await new RunnerClient(place, { TFSWEEP_BACKEND: testBackend('wasm') }).run({
    trainer,
    seed: 7,
  });
  expect(first.reports).toHaveLength(2);
  expect(again.reports).toEqual(first.reports);
  expect(elsewhere.reports).toEqual(first.reports);
  expect(other.reports).not.toEqual(first.reports);
});

it('leaves no tensor behind after trials that complete, throw amid a scope, and are stopped', async () => {
  const place = new Workplace();
  place.write('fit.mjs', trainerModule(fit('2')));
  place.write(
    'throws.mjs',
    trainerModule(`${MODEL}\n    ctx.tf.engine().startScope(); ctx.tf.ones([9]); throw new Error('no');`),
  );
  const runner = new RunnerClient(place);
  const left: Array<number | undefined> = [];
  for (const [module, onReport] of [
    ['fit.mjs'],
    ['throws.mjs'],
    ['fit.mjs', () => 'enough'],
    ['throws.mjs'],
    ['fit.mjs'],
  ] as Array<[string, (() => string)?]>) {
    const { finished } = await runner.run({ trainer: { module }, ...(onReport ? { onReport } : {}) });
    left.push(finished?.tensors);
  }
  expect(left).toEqual([0, 0, 0, 0, 0]);
});

it('loads data once per process and arguments, and keeps its tensors from trial to trial', async () => {
  const place = new Workplace();
  place.write(
    'data.ts',
    `import { appendFileSync } from 'node:fs';
import { defineTrainer } from '@tfsweep/worker/trainer';
import * as tf from '@tensorflow/tfjs';

export default defineTrainer<{ a: number }, { rows: number }, { xs: tf.Tensor; drawn: number }>({
  data({ args, pathOf }) {
    appendFileSync(pathOf('loads.txt'), String(args.rows) + ' ');
    return { xs: tf.ones([args.rows]), drawn: Math.random() };
  },
  async train({ params, data, seed, tf: given }) {
    if (given !== tf) throw new Error('two copies of tfjs');
    return { sum: (await data.xs.sum().data())[0]! + params.a, drawn: data.drawn, seed, own: Math.random() };
  },
});
`,
  );
  const runner = new RunnerClient(place);
  const values: unknown[] = [];
  for (const [rows, a, seed] of [
    [3, 0.25, 1],
    [3, 0.5, 2],
    [5, 0.5, 1],
    [3, 0.25, 1],
  ] as const) {
    const { finished } = await runner.run({
      trainer: { module: 'data.ts', args: { rows: '$rows' } },
      params: { a, rows },
      seed,
    });
    values.push(finished?.outcome.kind === 'complete' && finished.outcome.values);
  }
  expect(values).toMatchObject([{ sum: 3.25, seed: 1 }, { sum: 3.5, seed: 2 }, { sum: 5.5 }, { sum: 3.25 }]);
  expect(values[3]).toEqual(values[0]);
  const [first, second] = values as Array<{ drawn: number; own: number }>;
  expect(second!.drawn).toBe(first!.drawn);
  expect(second!.own).not.toBe(first!.own);
  const { finished } = await runner.run({
    trainer: { module: 'data.ts', args: { rows: 3 } },
    params: { a: 1 },
  });
  expect(finished?.tensors).toBe(2);
  const runs = place.read('loads.txt');
  expect(runs).toBe('3 5 ');
});

it('stops model.fit within one batch of a pushed stop, and train goes on after it', async () => {
  const place = new Workplace();
  place.write(
    'long.mjs',
    trainerModule(`${MODEL}
    let batches = 0;
    const counter = new ctx.tf.CustomCallback({
      async onBatchEnd() {
        batches += 1;
        if (batches !== 3) return;
        ctx.report(1, { batches }).catch(() => {});
        await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve));
      },
    });
    await model.fit(xs, ys, { epochs: 1e6, batchSize: 8, verbose: 0, callbacks: [counter, ctx.callback()] });
    ctx.log('batches: ' + batches);`),
  );
  const runner = new RunnerClient(place);
  const { finished } = await runner.run({
    trainer: { module: 'long.mjs' },
    onReport: (_step, run) => {
      run.stop('pruned');
      return null;
    },
  });
  expect(finished?.outcome).toEqual({ kind: 'stopped' });
  expect(runner.output).toBe('batches: 3\n');
});

it('stops at a report whose answer says so: report throws, signal aborts, and no later report is sent', async () => {
  const place = new Workplace();
  place.write(
    'loop.mjs',
    `import { defineTrainer, TrialStopped } from '@tfsweep/worker/trainer';
export default defineTrainer({
  async train({ report, signal, log }) {
    for (let step = 1; ; step++) {
      try {
        await report(step, { step });
      } catch (error) {
        log(\`\${error instanceof TrialStopped} \${signal.aborted} \${error.message}\`);
        // Swallowed once: the next report throws again, and the outcome stays.
        await report(step + 1, { step }).catch((again) => log(again.name));
        return { step };
      }
    }
  },
});
`,
  );
  const runner = new RunnerClient(place);
  const { reports, finished } = await runner.run({
    trainer: { module: 'loop.mjs' },
    onReport: (step) => (step === 3 ? 'pruned at rung 3' : null),
  });
  expect(reports).toHaveLength(3);
  expect(finished?.outcome).toEqual({ kind: 'stopped' });
  expect(runner.output).toBe('true true The trial was stopped: pruned at rung 3\nTrialStopped\n');
});

it('runs TypeScript and CommonJS with their own packages, and finds what they import from their folder', async () => {
  const place = new Workplace();
  place.write('package.json', '{"name": "elsewhere", "private": true}');
  place.write('node_modules/offset/package.json', '{"name": "offset", "type": "module", "main": "index.js"}');
  place.write('node_modules/offset/index.js', 'export const offset = 0.5;\n');
  place.write('lib/twice.ts', 'export const twice = (x: number): number => 2 * x;\n');
  place.write(
    'train.ts',
    `import { defineTrainer } from '@tfsweep/worker/trainer';
import { offset } from 'offset';
import { twice } from './lib/twice.ts';
interface Params { readonly x: number }
export default defineTrainer<Params>({ train: ({ params }) => ({ y: twice(params.x) + offset }) });
`,
  );
  place.write(
    'train.cjs',
    `const { defineTrainer } = require('@tfsweep/worker/trainer');
const tf = require('@tensorflow/tfjs');
module.exports = defineTrainer({ async train(ctx) { return { same: Number(ctx.tf === tf) }; } });
`,
  );
  const runner = new RunnerClient(place);
  const typescript = await runner.run({ trainer: { module: 'train.ts' }, params: { x: 3 } });
  expect(typescript.finished?.outcome).toEqual({ kind: 'complete', values: { y: 6.5 } });
  const commonjs = await runner.run({ trainer: { module: 'train.cjs' } });
  expect(commonjs.finished?.outcome).toEqual({ kind: 'complete', values: { same: 1 } });
  expect(readdirSync(place.root).sort()).toEqual([
    'lib',
    'node_modules',
    'package.json',
    'train.cjs',
    'train.ts',
  ]);
});

it('loads a module anew after it was edited, and what it imports', async () => {
  const place = new Workplace();
  place.write('value.ts', 'export const value: number = 1;\n');
  const source = (marker: string) => `import { defineTrainer } from '@tfsweep/worker/trainer';
import { value } from './value.ts';
export default defineTrainer({ train: () => ({ value }) }); // ${marker}
`;
  place.write('train.ts', source('first'));
  const runner = new RunnerClient(place);
  expect((await runner.run({ trainer: { module: 'train.ts' } })).finished?.outcome).toMatchObject({
    values: { value: 1 },
  });
  place.write('value.ts', 'export const value: number = 2;\n');
  place.write('train.ts', source('second'));
  expect((await runner.run({ trainer: { module: 'train.ts' } })).finished?.outcome).toMatchObject({
    values: { value: 2 },
  });
});

it('gives train its trial, its budget and its folders', async () => {
  const place = new Workplace();
  place.write(
    'context.mjs',
    trainerModule(`
    (await import('node:fs')).writeFileSync(ctx.artifacts + '/context.json', JSON.stringify({
      trial: ctx.trial, budget: ctx.budget, params: ctx.params, args: ctx.args, loaded: await ctx.checkpoint.load(), file: ctx.pathOf('a/b.csv'),
    }));
    try { ctx.pathOf('../outside'); } catch (error) { ctx.log(error.code); }`),
  );
  const runner = new RunnerClient(place);
  await runner.run({
    trainer: { module: 'context.mjs', args: { size: '$units', list: ['$absent', 1] } },
    params: { units: 16 },
    from: 2,
    to: 5,
  });
  const [runDir] = readdirSync(place.artifacts).filter((name) =>
    existsSync(join(place.artifacts, name, 'artifacts')),
  );
  expect(JSON.parse(place.readArtifact(`${runDir}/artifacts/context.json`))).toEqual({
    trial: { sweep: 'a sweep', number: 4, attempt: 1, dir: join(place.artifacts, runDir!) },
    budget: { unit: 'epochs', from: 2, to: 5 },
    params: { units: 16 },
    args: { size: 16, list: [1] },
    loaded: null,
    file: join(place.root, 'a/b.csv'),
  });
  expect(runner.output).toBe('PATH_OUTSIDE_ROOT\n');
});

it('goes on from a checkpoint of model.fit exactly where an undisturbed training would be', async () => {
  const place = new Workplace();
  place.write(
    'resume.mjs',
    trainerModule(`
    const xs = ctx.tf.linspace(-1, 1, 48).reshape([16, 3]);
    const ys = xs.sum(1, true);
    const saved = await ctx.checkpoint.load();
    let model = saved?.model;
    if (!model) {
      model = ctx.tf.sequential();
      model.add(ctx.tf.layers.dense({ units: 4, activation: 'tanh', inputShape: [3] }));
      model.add(ctx.tf.layers.dense({ units: 1 }));
    }
    model.compile({ optimizer: ctx.tf.train.adam(0.05), loss: 'meanSquaredError' });
    await model.fit(xs, ys, { epochs: ctx.budget.to, initialEpoch: saved?.step ?? 0, batchSize: 16, shuffle: false, verbose: 0, callbacks: [ctx.callback()] });`),
  );
  const trainer = { module: 'resume.mjs' };
  const runner = new RunnerClient(place);
  const whole = await runner.run({ trainer, to: 6 });
  const half = await runner.run({ trainer, to: 3, checkpointEvery: 2 });
  expect(half.checkpoints.map((checkpoint) => checkpoint.step)).toEqual([2, 3]);
  const rest = await runner.run({ trainer, from: 3, to: 6, checkpoint: half.checkpoints[1]! });
  expect(rest.reports).toEqual(whole.reports.slice(3));
  expect(rest.finished?.tensors).toBe(0);

  writeFileSync(join(place.artifacts, half.checkpoints[0]!.path, 'weights.bin'), '');
  const broken = await runner.run({ trainer, from: 2, to: 6, checkpoint: half.checkpoints[0]! });
  expect(broken.finished?.outcome).toMatchObject({
    kind: 'failed',
    error: { message: expect.stringMatching(/checkpoint in .* can't be read/) },
  });
});

it('begins again where the checkpoint was saved on another host, and says so', async () => {
  const place = new Workplace();
  place.write(
    'afresh.mjs',
    trainerModule(`
    if (await ctx.checkpoint.load() !== null) throw new Error('there is one');
    for (let step = ctx.budget.from + 1; step <= ctx.budget.to; step++) await ctx.report(step, { loss: 1 / step });`),
  );
  const runner = new RunnerClient(place);
  const { reports, finished } = await runner.run({
    trainer: { module: 'afresh.mjs' },
    from: 2,
    to: 3,
    checkpoint: { step: 2, path: 'a-sweep/4/elsewhere/step-2' },
  });
  expect(finished?.outcome).toMatchObject({ kind: 'complete' });
  expect(reports.map(({ step }) => step)).toEqual([1, 2, 3]);
  expect(runner.output).toBe(
    'The checkpoint of step 2 is not on this host: the training begins again at step 0.\n',
  );
});

it('trains what a sweep file describes: mnist by a cnn, its references replaced', async () => {
  const { reports, finished } = await new RunnerClient(new Workplace()).run({
    trainer: {
      spec: {
        dataset: { name: 'mnist', limit: 512, validation: 128 },
        model: { type: 'cnn', filters: ['$filters'], dense: [32] },
        optimizer: { type: '$optimizer', learning_rate: 0.01, momentum: '$momentum' },
        batch_size: 32,
      },
    },
    params: { filters: 4, optimizer: 'adam' },
    to: 2,
  });
  // Four kernels of 3 x 3, 14 x 14 x 4 values to 32 units, and those to ten classes, each with its bias.
  const weights = 4 * (9 + 1) + 32 * (14 * 14 * 4 + 1) + 10 * (32 + 1);
  expect(finished?.outcome).toEqual({ kind: 'complete', values: { model_parameters: weights } });
  expect(reports.map((report) => report.step)).toEqual([1, 2]);
  expect(Number(reports[1]!.values.val_accuracy)).toBeGreaterThan(0.5);
});

it('fails a declarative trainer that a trial makes impossible as a trainer, and says why', async () => {
  const place = new Workplace();
  place.write('rows.csv', 'a,y\n1,2\n2,3\n3,5\n4,1.5\n');
  const spec = { dataset: { csv: 'rows.csv', target: 'y' }, model: { type: 'cnn' } };
  const runner = new RunnerClient(place);
  for (const [broken, message] of [
    [spec, /A cnn needs images/],
    [{ ...spec, batch_size: '$none' }, /A cnn needs images/],
    [{ ...spec, dataset: { csv: 'rows.csv', target: 'z' } }, /rows\.csv has no column "z"\. It has: a, y/],
    [{ ...spec, dataset: { csv: 'none.csv', target: 'y' } }, /CSV file none\.csv can't be read/],
    [{ ...spec, model: { type: 'mlp', dropout: '$much' } }, /dropout/],
  ] as const) {
    const { finished } = await runner.run({ trainer: { spec: broken }, params: { much: 3 }, to: 1 });
    expect(finished?.outcome).toMatchObject({
      kind: 'failed',
      error: { kind: 'trainer', message: expect.stringMatching(message) },
    });
  }
});
