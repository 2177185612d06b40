import type { Tf } from '../../backends/tf.ts';
import type { UpdateRule } from './update-rule.ts';

/** More than 0, so that the first step is not as long for a tiny gradient as for a large one; as in Keras. */
const INITIAL_SUM = 0.1;

/** J. Duchi et al., "Adaptive subgradient methods", 2011: steps shrink with the sum of all squared gradients. */
export function adagrad(tf: Tf, epsilon: number): UpdateRule {
  return {
    slots: [{ name: 'sum', initial: INITIAL_SUM }],
    update({ gradient, slots: [sum], learningRate }) {
      const next = tf.add(sum!, tf.square(gradient));
      const change = tf.mul(tf.div(gradient, tf.add(tf.sqrt(next), epsilon)), learningRate);
      return { change, slots: [next] };
    },
  };
}
