import type { Tf } from '../backends/tf.ts';
import type { LossFunction } from './loss-function.ts';

export function squaredError(tf: Tf): LossFunction {
  return (truth, predicted) => tf.mean(tf.squaredDifference(truth, predicted), -1);
}

export function absoluteError(tf: Tf): LossFunction {
  return (truth, predicted) => tf.mean(tf.abs(tf.sub(truth, predicted)), -1);
}

/** Half the squared error up to `delta`, from there on a line of the same slope. P. Huber, 1964, eq. 3.1. */
export function huber(tf: Tf, delta: number): LossFunction {
  return (truth, predicted) => {
    const error = tf.abs(tf.sub(truth, predicted));
    const inside = tf.minimum(error, delta);
    const outside = tf.sub(error, inside);
    return tf.mean(tf.add(tf.mul(tf.square(inside), 0.5), tf.mul(outside, delta)), -1);
  };
}

/** Pinball loss, which the `quantile` of the targets makes smallest. R. Koenker and G. Bassett, 1978, eq. 1.2. */
export function pinball(tf: Tf, quantile: number): LossFunction {
  return (truth, predicted) => {
    const above = tf.sub(truth, predicted);
    return tf.mean(tf.maximum(tf.mul(above, quantile), tf.mul(above, quantile - 1)), -1);
  };
}
