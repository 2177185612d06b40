import type { Tf } from '../../backends/tf.ts';
import type { UpdateRule } from './update-rule.ts';

/** D. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1. */
export function adam(tf: Tf, beta1: number, beta2: number, epsilon: number): UpdateRule {
  return {
    slots: [
      { name: 'mean', initial: 0 },
      { name: 'squares', initial: 0 },
    ],
    update({ gradient, slots: [mean, squares], learningRate, step }) {
      const nextMean = tf.add(tf.mul(mean!, beta1), tf.mul(gradient, 1 - beta1));
      const nextSquares = tf.add(tf.mul(squares!, beta2), tf.mul(tf.square(gradient), 1 - beta2));
      // Both corrections of the bias in two scalars, so that no tensor is passed over for them alone.
      const rootCorrection = Math.sqrt(1 - beta2 ** step);
      const rate = (learningRate * rootCorrection) / (1 - beta1 ** step);
      const spread = tf.add(tf.sqrt(nextSquares), epsilon * rootCorrection);
      return { change: tf.mul(tf.div(nextMean, spread), rate), slots: [nextMean, nextSquares] };
    },
  };
}
