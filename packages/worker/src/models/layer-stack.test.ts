import type { LayersModel, SymbolicTensor, Tensor, Variable } from '@tensorflow/tfjs';
import { trainerSpecSchema } from '@tfsweep/orchestrator/protocol';
import { beforeAll, expect, it } from 'vitest';
import { loadBackend } from '../backends/load-backend.ts';
import type { Tf } from '../backends/tf.ts';
import type { PreparedData } from '../data/prepared-data.ts';
import { seededRandom, withSeededRandom } from '../data/seeded-random.ts';
import { buildModel } from './build-model.ts';

let tf: Tf;
beforeAll(async () => {
  tf = (await loadBackend('wasm')).tf;
});

const table: Pick<PreparedData, 'inputShape' | 'outputs' | 'task'> = {
  inputShape: [40],
  outputs: 1,
  task: 'regression',
};
const images = { inputShape: [8, 8, 2], outputs: 3, task: 'multiclass' } as const;

async function model(spec: Record<string, unknown>, data: object = table): Promise<LayersModel> {
  const parsed = trainerSpecSchema.parse({ dataset: { csv: 'a.csv', target: 'y' }, model: spec });
  return withSeededRandom(3, async () => buildModel(tf, parsed.model, data as PreparedData));
}

const layerTypes = (built: LayersModel): string[] => built.layers.map((layer) => layer.getClassName());
const random = seededRandom(5);
const draw = (count: number): Float32Array =>
  Float32Array.from({ length: count }, () => random() + random() + random() - 1.5);

it('puts normalisation between a layer and its activation, and dropout behind both', async () => {
  expect(layerTypes(await model({ type: 'mlp', hidden: [4], normalization: 'batch', dropout: 0.2 }))).toEqual(
    ['InputLayer', 'Dense', 'BatchNormalization', 'Activation', 'Dropout', 'Dense'],
  );
  expect(layerTypes(await model({ type: 'mlp', hidden: [4], activation: 'leaky_relu' }))).toEqual([
    'InputLayer',
    'Dense',
    'LeakyReLU',
    'Dense',
  ]);
  const convolutions = {
    type: 'cnn',
    filters: [4],
    dense: [4],
    normalization: 'layer',
    spatial_dropout: 0.5,
  };
  expect(layerTypes(await model(convolutions, images))).toEqual([
    'InputLayer',
    'Conv2D',
    'LayerNormalization',
    'Activation',
    'MaxPooling2D',
    'Dropout',
    'Flatten',
    'Dense',
    'LayerNormalization',
    'Activation',
    'Dense',
  ]);
});

it.each([
  ['relu', (x: number) => Math.max(0, x)],
  ['leaky_relu', (x: number) => (x > 0 ? x : 0.01 * x)],
  ['elu', (x: number) => (x > 0 ? x : Math.expm1(x))],
  ['selu', (x: number) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))],
  ['swish', (x: number) => x / (1 + Math.exp(-x))],
  ['tanh', Math.tanh],
  ['sigmoid', (x: number) => 1 / (1 + Math.exp(-x))],
  ['linear', (x: number) => x],
] as const)('%s is what its formula says, fused or behind a normalisation', async (activation, formula) => {
  const built = await model({ type: 'mlp', hidden: [6], activation });
  const inner = tf.model({ inputs: built.inputs, outputs: built.layers.at(-2)!.output });
  const [kernel] = built.layers[1]!.getWeights();
  const xs = tf.tensor2d(draw(5 * 40), [5, 40]);
  const before = tf.matMul(xs, kernel as never).dataSync();
  const after = (inner.predict(xs) as Tensor).dataSync();
  before.forEach((value, i) => {
    expect(after[i]).toBeCloseTo(formula(value), 4);
  });
});

it('gelu is x times the normal distribution function', async () => {
  const built = await model({ type: 'mlp', hidden: [1], activation: 'gelu' });
  const xs = tf.zeros([1, 40]).add(0) as Tensor;
  const inner = tf.model({ inputs: built.inputs, outputs: built.layers.at(-2)!.output });
  // Phi(1), Phi(-0.5) of a table; the bias is all that the layer sees of zeros.
  for (const [bias, expected] of [
    [1, 0.8413447],
    [-0.5, -0.1542688],
  ] as const) {
    const [kernel] = built.layers[1]!.getWeights();
    built.layers[1]!.setWeights([kernel!, tf.tensor1d([bias])]);
    expect((inner.predict(xs) as Tensor).dataSync()[0]).toBeCloseTo(expected, 4);
  }
});

it.each([
  ['glorot_normal', 2 / (40 + 400)],
  ['glorot_uniform', 2 / (40 + 400)],
  ['he_normal', 2 / 40],
  ['he_uniform', 2 / 40],
  ['lecun_normal', 1 / 40],
  ['lecun_uniform', 1 / 40],
] as const)('%s draws weights of its variance', async (initializer, variance) => {
  const [kernel] = (await model({ type: 'mlp', hidden: [400], initializer })).layers[1]!.getWeights();
  const values = Array.from(kernel!.dataSync());
  const measured = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
  // tfjs cuts a normal distribution off at two deviations, which leaves 0.774 of its variance, and does not make up for it.
  const expected = initializer.endsWith('normal') ? 0.774 : 1;
  // 16,000 draws: a relative error of 0.02.
  expect(Math.abs(measured / variance - expected)).toBeLessThan(0.05);
});

it('makes l1 and l2 cost what their formulas say, of every kernel and of no bias', async () => {
  const built = await model({ type: 'mlp', hidden: [3], l1: 0.5, l2: 0.25 });
  const kernels = built.weights.filter(({ shape }) => shape.length === 2);
  expect(kernels).toHaveLength(2);
  const values = kernels.flatMap((kernel) => [...kernel.read().dataSync()]);
  const expected = values.reduce((sum, w) => sum + 0.5 * Math.abs(w) + 0.25 * w ** 2, 0);
  const measured = built.calculateLosses().reduce((sum, loss) => sum + loss.dataSync()[0]!, 0);
  expect(measured).toBeCloseTo(expected, 3);
});

it('drops whole channels with spatial dropout, and nothing when it predicts', async () => {
  const built = await model(
    { type: 'cnn', filters: [32], dense: [], activation: 'sigmoid', spatial_dropout: 0.5 },
    images,
  );
  const inner = tf.model({ inputs: built.inputs, outputs: built.layers.at(-3)!.output });
  const xs = tf.tensor4d(draw(8 * 8 * 2), [1, 8, 8, 2]);
  const dropped = (inner.apply(xs, { training: true }) as Tensor).dataSync();
  const ofChannel = (c: number): number[] => [...dropped].filter((_, i) => i % 32 === c);
  const channels = Array.from({ length: 32 }, (_, c) => ofChannel(c));
  const gone = channels.filter((values) => values.every((value) => value === 0)).length;
  const whole = channels.filter((values) => values.every((value) => value > 0)).length;
  expect(gone + whole).toBe(32);
  expect(gone).toBeGreaterThan(4);
  expect(whole).toBeGreaterThan(4);
  expect((inner.predict(xs) as Tensor).dataSync().every((value) => value > 0)).toBe(true);
});

it('makes residual blocks that are the identity where their convolutions are zero, and halve each later stage', async () => {
  const spec = { type: 'resnet', filters: [4, 6], blocks: 2, normalization: 'none' };
  const built = await model(spec, images);
  const places = built.layers
    .filter((layer) => layer.getClassName() === 'Add')
    .map(({ output }) => (output as SymbolicTensor).shape);
  expect(places).toEqual([
    [null, 8, 8, 4],
    [null, 8, 8, 4],
    [null, 4, 4, 6],
    [null, 4, 4, 6],
  ]);
  // A stem, two convolutions per block, and one projection.
  const convolutions = built.layers.filter((layer) => layer.getClassName() === 'Conv2D');
  expect(convolutions).toHaveLength(1 + 2 * 4 + 1);
  for (const layer of convolutions.slice(1)) {
    // The projection is what leads on; all else is silenced.
    if (layer.weights[0]!.shape[0] === 1) continue;
    layer.setWeights(layer.getWeights().map((weight) => tf.zerosLike(weight)));
  }
  const xs = tf.tensor4d(draw(8 * 8 * 2), [1, 8, 8, 2]);
  const at = (layer: { output: unknown }): Tensor =>
    tf.model({ inputs: built.inputs, outputs: layer.output as SymbolicTensor }).predict(xs) as Tensor;
  const adds = built.layers.filter((layer) => layer.getClassName() === 'Add');
  expect([...at(adds[1]!).dataSync()]).toEqual([...at(convolutions[0]!).dataSync()]);
  await expect(model({ type: 'resnet', filters: [1, 1, 1, 1, 1] }, images)).rejects.toThrow(
    /5 stages are too many for 8x8/,
  );
  await expect(model({ type: 'resnet' })).rejects.toThrow('A resnet needs images');
});

it('gives a residual network, strides included, the gradients on wasm that it has on cpu', async () => {
  const built = await model({ type: 'resnet', filters: [2, 3], normalization: 'layer' }, images);
  const pixels = draw(2 * 8 * 8 * 2);
  const variables = built.trainableWeights.map((weight) => weight.read() as Variable);
  const gradients: number[][] = [];
  for (const backend of ['wasm', 'cpu']) {
    await tf.setBackend(backend);
    const found = tf.tidy(() => {
      const xs = tf.tensor4d(pixels, [2, 8, 8, 2]);
      const { grads } = tf.variableGrads(
        () => tf.sum(tf.square(built.apply(xs, { training: true }) as Tensor)).asScalar(),
        variables,
      );
      return variables.flatMap(({ name }) => Array.from(grads[name]!.dataSync()));
    });
    gradients.push(found);
  }
  await tf.setBackend('wasm');
  const [ours, reference] = gradients as [number[], number[]];
  const scale = Math.max(...reference.map(Math.abs));
  expect(scale).toBeGreaterThan(0);
  reference.forEach((value, i) => {
    expect(Math.abs(ours[i]! - value) / scale, `number ${i}`).toBeLessThan(1e-3);
  });
});
