import type { layers as Layers, Shape } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../data/seeded-random.ts';
import { loadBackend } from './load-backend.ts';
import { testBackend } from './testing/test-backend.ts';
import type { LayersModel, Tf } from './tf.ts';

type Layer = Layers.Layer;
type LayerFactory = (layers: Tf['layers']) => Layer[];

const EPOCHS = 4;
const MAX_RELATIVE_ERROR = 1e-3;
const LABELS = [0, 1, 0, 1, 1, 0, 0, 1];
const WORDS = 9;

const IMAGE = [8, 8, 3];
const SEQUENCE = [6, 4];
const VOLUME = [5, 6, 6, 2];

/** The first layers of a classifier, by what they are there for, with the shape of their input. */
const MODELS: Record<string, readonly [Shape, LayerFactory]> = {
  'dense layers with regularisers': [
    [12],
    (l) => [
      l.dense({ units: 5, activation: 'relu', kernelRegularizer: 'l1l2' }),
      l.dense({ units: 4, activation: 'elu' }),
    ],
  ],
  activations: [
    [12],
    (l) => [
      l.dense({ units: 5 }),
      l.prelu(),
      l.dense({ units: 4 }),
      l.leakyReLU(),
      l.dense({ units: 4, activation: 'selu' }),
      l.dense({ units: 4, activation: 'softplus' }),
      l.dense({ units: 4, activation: 'hardSigmoid' }),
      l.dense({ units: 4, activation: 'swish' }),
      l.dense({ units: 4, activation: 'gelu' }),
    ],
  ],
  'convolution and max pooling': [
    IMAGE,
    (l) => [
      l.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }),
      l.conv2d({ filters: 3, kernelSize: 2, strides: 2, padding: 'same' }),
      l.maxPooling2d({ poolSize: 2 }),
      l.flatten(),
    ],
  ],
  'average pooling': [
    IMAGE,
    (l) => [
      l.conv2d({ filters: 4, kernelSize: 3 }),
      l.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
      l.flatten(),
    ],
  ],
  'depthwise convolution': [
    IMAGE,
    (l) => [
      l.conv2d({ filters: 2, kernelSize: 1 }),
      l.depthwiseConv2d({ kernelSize: 3, padding: 'same' }),
      l.globalAveragePooling2d({}),
    ],
  ],
  'separable convolution': [IMAGE, (l) => [l.separableConv2d({ filters: 4, kernelSize: 3 }), l.flatten()]],
  'transposed convolution': [
    IMAGE,
    (l) => [l.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2 }), l.flatten()],
  ],
  'batch normalisation': [
    IMAGE,
    (l) => [l.conv2d({ filters: 4, kernelSize: 3 }), l.batchNormalization(), l.flatten()],
  ],
  'layer normalisation': [[12], (l) => [l.dense({ units: 6 }), l.layerNormalization()]],
  'convolution over a sequence': [
    SEQUENCE,
    (l) => [l.conv1d({ filters: 3, kernelSize: 2 }), l.maxPooling1d({ poolSize: 2 }), l.flatten()],
  ],
  'convolution over a volume': [
    VOLUME,
    (l) => [
      l.conv3d({ filters: 2, kernelSize: 2 }),
      l.maxPooling3d({ poolSize: 2, strides: 1, padding: 'same' }),
      l.conv3d({ filters: 3, kernelSize: 2, strides: 2, padding: 'same' }),
      l.flatten(),
    ],
  ],
  'convolutional lstm': [
    [3, 6, 6, 1],
    (l) => [l.convLstm2d({ filters: 2, kernelSize: 3 }) as Layer, l.flatten()],
  ],
  'two lstms': [SEQUENCE, (l) => [l.lstm({ units: 5, returnSequences: true }), l.lstm({ units: 3 })]],
  'gru in both directions': [
    SEQUENCE,
    (l) => [l.bidirectional({ layer: l.gru({ units: 4 }) as never, mergeMode: 'concat' })],
  ],
  'a layer per step, and a simple rnn': [
    SEQUENCE,
    (l) => [l.timeDistributed({ layer: l.dense({ units: 3 }) }), l.simpleRNN({ units: 4 })],
  ],
  embedding: [[6], (l) => [l.embedding({ inputDim: WORDS, outputDim: 4 }), l.globalAveragePooling1d()]],
};

let tf: Tf;
let backend: string;
beforeAll(async () => {
  tf = (await loadBackend(testBackend('wasm'))).tf;
  backend = tf.getBackend();
});

/** The loss of each epoch, from `weights` on or from those that the layers draw, which come back. */
async function train(
  [shape, factory]: readonly [Shape, LayerFactory],
  weights: readonly Float32Array[] | null,
): Promise<{ losses: number[]; weights: readonly Float32Array[] }> {
  const model: LayersModel = tf.sequential({
    layers: [
      tf.layers.inputLayer({ inputShape: shape }),
      ...factory(tf.layers),
      tf.layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
  const first = model.getWeights();
  // Not dataSync: WebGPU has none outside of a browser.
  const own = await Promise.all(first.map(async (weight) => Float32Array.from(await weight.data())));
  if (weights !== null) model.setWeights(first.map((weight, i) => tf.tensor(weights[i]!, weight.shape)));
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy' });
  const random = seededRandom(11);
  const inputShape = [LABELS.length, ...shape] as number[];
  const size = inputShape.reduce((product, n) => product * n, 1);
  const isText = model.layers[1]!.getClassName() === 'Embedding';
  const xs = tf.tensor(
    Float32Array.from({ length: size }, () => (isText ? Math.floor(random() * WORDS) : 2 * random() - 1)),
    inputShape,
  );
  const ys = tf.oneHot(tf.tensor1d(LABELS, 'int32'), 2);
  const { history } = await model.fit(xs, ys, { epochs: EPOCHS, batchSize: 4, shuffle: false, verbose: 0 });
  model.dispose();
  return { losses: history.loss as number[], weights: own };
}

describe('a backend trains as the cpu backend does', () => {
  it.each(Object.keys(MODELS))('%s', async (name) => {
    await tf.setBackend('cpu');
    const { losses: expected, weights } = await train(MODELS[name]!, null);
    expect(expected.at(-1)).not.toBeCloseTo(expected[0]!, 6);
    await tf.setBackend(backend);
    const { losses } = await train(MODELS[name]!, weights);
    losses.forEach((loss, epoch) => {
      expect(Math.abs(loss / expected[epoch]! - 1), `${losses} against ${expected}`).toBeLessThan(
        MAX_RELATIVE_ERROR,
      );
    });
  });
});
