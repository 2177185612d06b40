import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../backends/tf.ts';
import type { LossFunction } from './loss-function.ts';

/** Against a division by 0: of a squared length. */
const EPSILON = 1e-12;

/** 1 minus the cosine of the angle between truth and prediction: 0 for the same direction, 2 for the opposite one. */
export function cosineDistance(tf: Tf): LossFunction {
  return (truth, predicted) => {
    const squaredLength = (vector: Tensor): Tensor => tf.sum(tf.square(vector), -1);
    const lengths = tf.sqrt(tf.add(tf.mul(squaredLength(truth), squaredLength(predicted)), EPSILON));
    return tf.sub(1, tf.div(tf.sum(tf.mul(truth, predicted), -1), lengths));
  };
}
