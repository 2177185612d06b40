import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Optimizer, Sequential } from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadBackend } from '../backends/load-backend.ts';
import { testBackend } from '../backends/testing/test-backend.ts';
import type { Tf } from '../backends/tf.ts';
import { loadCheckpoint } from './load-checkpoint.ts';
import { restoreOptimizer } from './optimizer-state.ts';
import { saveCheckpoint } from './save-checkpoint.ts';

let tf: Tf;
let folder: string;
beforeAll(async () => {
  tf = (await loadBackend(testBackend('wasm'))).tf;
  folder = mkdtempSync(join(tmpdir(), 'tfsweep-checkpoint-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function trained(optimizer: Optimizer, units = 3): Promise<Sequential> {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units, inputShape: [2] }));
  model.add(tf.layers.dense({ units: 1 }));
  model.compile({ optimizer, loss: 'meanSquaredError' });
  await model.fit(tf.ones([8, 2]), tf.zeros([8, 1]), { epochs: 2, verbose: 0 });
  return model;
}

const OPTIMIZERS: Record<string, () => Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  rmsprop: () => tf.train.rmsprop(0.01),
  adam: () => tf.train.adam(0.01),
  adagrad: () => tf.train.adagrad(0.1),
};

it.each(Object.keys(OPTIMIZERS))('brings back model, extra and the state of %s', async (name) => {
  const model = await trained(OPTIMIZERS[name]!());
  const before = tf.memory().numTensors;
  expect(await saveCheckpoint(tf, folder, { step: 2, model, extra: { best: [1, null] } })).toBe(
    'checkpoint-2',
  );
  expect(tf.memory().numTensors).toBe(before);

  const stored = await loadCheckpoint(tf, join(folder, 'checkpoint-2'));
  expect(stored).toMatchObject({ step: 2, extra: { best: [1, null] } });
  stored.model.compile({ optimizer: OPTIMIZERS[name]!(), loss: 'meanSquaredError' });
  expect(await restoreOptimizer(tf, stored.model, stored.optimizer!)).toBe(true);
  const numbers = async (from: Sequential | typeof stored.model) => {
    const weights = [
      ...from.getWeights(),
      ...(await from.optimizer.getWeights()).map(({ tensor }) => tensor),
    ];
    return Promise.all(weights.map(async (weight) => [...(await weight.data())]));
  };
  expect(await numbers(stored.model)).toEqual(await numbers(model));
  expect(readdirSync(folder)).toEqual(['checkpoint-2']);
});

it('saves a model whose optimiser tfjs can not save, and replaces an earlier save of the same step', async () => {
  await saveCheckpoint(tf, folder, { step: 5, model: await trained(tf.train.adam(0.01)), extra: 'old' });
  await saveCheckpoint(tf, folder, { step: 5, model: await trained(tf.train.adamax(0.01)), extra: 'new' });
  const stored = await loadCheckpoint(tf, join(folder, 'checkpoint-5'));
  expect(stored).toMatchObject({ extra: 'new', optimizer: null });
});

it('leaves an optimiser alone that the state does not fit', async () => {
  await saveCheckpoint(tf, folder, { step: 7, model: await trained(tf.train.adam(0.01)), extra: null });
  const { optimizer } = await loadCheckpoint(tf, join(folder, 'checkpoint-7'));
  expect(await restoreOptimizer(tf, await trained(tf.train.rmsprop(0.01)), optimizer!)).toBe(false);
  expect(await restoreOptimizer(tf, await trained(tf.train.adam(0.01), 4), optimizer!)).toBe(false);
});

it('names the folder of a checkpoint that is not there', async () => {
  await expect(loadCheckpoint(tf, join(folder, 'none'))).rejects.toThrow(
    /checkpoint in .*none can't be read/,
  );
});
