import type { Tf } from './tf.ts';

/** Fits one step of a model with a convolution, pooling and dense layers. @returns its loss */
export async function trainSmallModel(tf: Tf): Promise<number> {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 2, kernelSize: 3, activation: 'relu' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
  const xs = tf.linspace(0, 1, 4 * 64).reshape([4, 8, 8, 1]);
  const ys = tf.tensor2d([1, 0, 0, 1, 1, 0, 0, 1], [4, 2]);
  const { history } = await model.fit(xs, ys, { epochs: 1, verbose: 0 });
  return Number(history.loss?.[0]);
}
