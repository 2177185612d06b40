import type { Tf } from '../backends/tf.ts';
import type { LossFunction } from './loss-function.ts';

/** How far the right class is from being ahead of the best other one by 1. K. Crammer and Y. Singer, 2001. */
export function categoricalHinge(tf: Tf): LossFunction {
  return (truth, predicted) => {
    const right = tf.sum(tf.mul(truth, predicted), -1);
    // The right class is taken out of the maximum: predictions lie below 1.
    const others = tf.max(tf.sub(predicted, tf.mul(truth, 2)), -1);
    return tf.relu(tf.add(tf.sub(others, right), 1));
  };
}

/** Of two classes: truths 0 and 1, predictions the probability of 1, taken for a margin from -1 to 1. */
export function binaryHinge(tf: Tf): LossFunction {
  return (truth, predicted) => {
    const side = tf.sub(tf.mul(truth, 2), 1);
    const margin = tf.sub(tf.mul(predicted, 2), 1);
    return tf.mean(tf.relu(tf.sub(1, tf.mul(side, margin))), -1);
  };
}
