import type { Tf } from '../../backends/tf.ts';
import type { UpdateRule } from './update-rule.ts';

/** Adam with the largest recent gradient in the place of its root mean square: Kingma and Ba, 2015, algorithm 2. */
export function adamax(tf: Tf, beta1: number, beta2: number, epsilon: number): UpdateRule {
  return {
    slots: [
      { name: 'mean', initial: 0 },
      { name: 'largest', initial: 0 },
    ],
    update({ gradient, slots: [mean, largest], learningRate, step }) {
      const nextMean = tf.add(tf.mul(mean!, beta1), tf.mul(gradient, 1 - beta1));
      const nextLargest = tf.maximum(tf.mul(largest!, beta2), tf.add(tf.abs(gradient), epsilon));
      const rate = learningRate / (1 - beta1 ** step);
      return { change: tf.mul(tf.div(nextMean, nextLargest), rate), slots: [nextMean, nextLargest] };
    },
  };
}
