import type { Tf } from '../../backends/tf.ts';
import type { UpdateRule } from './update-rule.ts';

/** Gradient descent. With momentum the change is the sum of all gradients, each weighing `momentum` times less per step. */
export function sgd(tf: Tf, momentum: number, nesterov: boolean): UpdateRule {
  if (momentum === 0) {
    return {
      slots: [],
      update: ({ gradient, learningRate }) => ({ change: tf.mul(gradient, learningRate), slots: [] }),
    };
  }
  return {
    slots: [{ name: 'velocity', initial: 0 }],
    update({ gradient, slots: [velocity], learningRate }) {
      const next = tf.add(tf.mul(velocity!, momentum), gradient);
      // Nesterov looks one step ahead: I. Sutskever et al., 2013, in the form of Y. Bengio et al., 2012, eq. 7.
      const direction = nesterov ? tf.add(gradient, tf.mul(next, momentum)) : next;
      return { change: tf.mul(direction, learningRate), slots: [next] };
    },
  };
}
