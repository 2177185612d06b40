import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { loadBackend } from '../backends/load-backend.ts';
import type { Tf } from '../backends/tf.ts';
import type { Part } from '../data/prepared-data.ts';
import { withSeededRandom } from '../data/seeded-random.ts';
import { createOptimizer, type OptimizerOptions } from '../optimizers/index.ts';
import { TensorScope } from '../runner/tensor-scope.ts';
import { DivergedError, DivergenceWatch } from './divergence.ts';
import { type FitOptions, fit } from './fit.ts';

let tf: Tf;
let train: Part;
beforeAll(async () => {
  tf = (await loadBackend('wasm')).tf;
  const xs = tf.randomUniform([50, 3], -1, 1, 'float32', 7);
  train = { xs, ys: tf.sum(xs, 1, true) };
});

const squaredError = (truth: Tensor, predicted: Tensor): Tensor =>
  tf.mean(tf.squaredDifference(truth, predicted), -1);

function linearModel(optimizer: OptimizerOptions): LayersModel {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 4, activation: 'tanh', inputShape: [3], kernelInitializer: 'ones' }));
  model.add(tf.layers.dense({ units: 1, kernelInitializer: 'ones' }));
  model.compile({ optimizer: createOptimizer(tf, optimizer), loss: 'meanSquaredError' });
  return model;
}

async function trained(model: LayersModel, options: Partial<FitOptions> = {}): Promise<number[][]> {
  const evaluate = async (): Promise<Record<string, number>> => ({});
  await withSeededRandom(0, () =>
    fit(tf, {
      model,
      loss: squaredError,
      train,
      weights: null,
      batchSize: 16,
      from: 0,
      to: 3,
      seed: 5,
      divergence: new DivergenceWatch(100, 'Try less.'),
      callbacks: [],
      evaluate,
      ...options,
    }),
  );
  return model.getWeights().map((weight) => [...weight.dataSync()]);
}

it('makes the same steps of four small batches as of one large one, the last and smaller one included', async () => {
  const whole = await trained(linearModel({ type: 'adam', learning_rate: 0.05 }), { batchSize: 16 });
  const parts = await trained(linearModel({ type: 'adam', learning_rate: 0.05, accumulate: 4 }), {
    batchSize: 4,
  });
  whole.flat().forEach((expected, i) => {
    expect(parts.flat()[i]).toBeCloseTo(expected, 4);
  });
});

it('trains as model.fit does where both see the same batches, and leaves no tensor behind', async () => {
  const ours = await trained(linearModel({ type: 'sgd', learning_rate: 0.05 }), { batchSize: 50 });
  const reference = linearModel({ type: 'sgd', learning_rate: 0.05 });
  await reference.fit(train.xs, train.ys, { batchSize: 50, epochs: 3, shuffle: false, verbose: 0 });
  const theirs = reference.getWeights().flatMap((weight) => [...weight.dataSync()]);
  ours.flat().forEach((value, i) => {
    expect(value).toBeCloseTo(theirs[i]!, 5);
  });
  const model = linearModel({ type: 'sgd', learning_rate: 0.05 });
  await trained(model, { to: 1 });
  const before = tf.memory().numTensors;
  await trained(model, { from: 1, to: 3 });
  expect(tf.memory().numTensors).toBe(before);
});

it('reports the loss without the penalties of the layers, which still act', async () => {
  const losses: number[] = [];
  const logged = new tf.CustomCallback({ onEpochEnd: (_, logs) => void losses.push(logs!.loss!) });
  const model = tf.sequential();
  model.add(
    tf.layers.dense({
      units: 1,
      inputShape: [3],
      kernelInitializer: 'ones',
      kernelRegularizer: tf.regularizers.l2({ l2: 10 }),
    }),
  );
  model.compile({
    optimizer: createOptimizer(tf, { type: 'sgd', learning_rate: 0.01 }),
    loss: 'meanSquaredError',
  });
  const [kernel] = await trained(model, { callbacks: [logged], to: 1, batchSize: 50 });
  // The kernel of ones predicts the sum without an error, so that only the penalty moves it: 1 - 0.01 · 2 · 10.
  expect(losses[0]).toBeCloseTo(0, 6);
  kernel!.forEach((value) => {
    expect(value).toBeCloseTo(0.8, 5);
  });
});

it('ends at once where the loss is no number, or explodes, and says in which step', async () => {
  const far = linearModel({ type: 'sgd', learning_rate: 1e30 });
  await expect(trained(far)).rejects.toThrow(
    /^The training diverged in epoch 1, batch [23]: the loss is (NaN|Infinity)\. Try less\.$/,
  );
  const unstable = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [3] })] });
  unstable.compile({
    optimizer: createOptimizer(tf, { type: 'sgd', learning_rate: 4 }),
    loss: 'meanSquaredError',
  });
  await expect(trained(unstable, { to: 50, batchSize: 4 })).rejects.toThrow(DivergedError);
});

it('leaves no tensor behind where the training diverges', async () => {
  const model = linearModel({ type: 'sgd', learning_rate: 0.05 });
  await trained(model, { to: 1 });
  const before = tf.memory().numTensors;
  const nan = (truth: Tensor, predicted: Tensor): Tensor =>
    tf.mul(squaredError(truth, predicted), Number.NaN);
  await expect(trained(model, { loss: nan })).rejects.toThrow(DivergedError);
  expect(tf.memory().numTensors).toBe(before);
});

it('leaves no tensor to the next trial where a step throws in its forward pass', async () => {
  const before = tf.memory().numTensors;
  const scope = TensorScope.open(tf);
  const broken = (truth: Tensor, predicted: Tensor): Tensor => {
    tf.squaredDifference(truth, predicted);
    throw new Error('out of memory');
  };
  const model = linearModel({ type: 'sgd', learning_rate: 0.05 });
  await expect(trained(model, { loss: broken })).rejects.toThrow('out of memory');
  scope.close();
  expect(tf.memory().numTensors).toBe(before);
});

it('takes noise, and a loss that is near nothing, for no explosion', () => {
  const watch = new DivergenceWatch(100, '');
  for (const loss of [1e-6, 1e-6, 1e-6, 1e-6, 1e-6, 1, 5, 1e-3]) watch.observe(loss, 1, 1);
  const single = new DivergenceWatch(100, '');
  for (const loss of [1, 1, 1, 1, 1, 300, 1, 1]) single.observe(loss, 1, 1);
});
