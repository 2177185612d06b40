import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../../backends/tf.ts';
import type { Task } from '../../data/prepared-data.ts';
import type { LossFunction } from '../../training/loss-function.ts';

/** The loss of a task. A regression learns a standardised target, so that its loss does not depend on the target's unit. */
export function lossOf(tf: Tf, task: Task): LossFunction {
  const clipped = (p: Tensor): Tensor => tf.clipByValue(p, LEAST, 1 - LEAST);
  switch (task) {
    case 'multiclass':
      return (truth, predicted) => tf.neg(tf.sum(tf.mul(truth, tf.log(clipped(predicted))), -1));
    case 'binary':
      return (truth, predicted) => {
        const p = clipped(predicted);
        const right = tf.add(tf.mul(truth, tf.log(p)), tf.mul(tf.sub(1, truth), tf.log(tf.sub(1, p))));
        return tf.neg(tf.mean(right, -1));
      };
    case 'regression':
      return (truth, predicted) => tf.mean(tf.squaredDifference(truth, predicted), -1);
  }
}

/** As tfjs and Keras clip probabilities before their logarithm. */
const LEAST = 1e-7;
