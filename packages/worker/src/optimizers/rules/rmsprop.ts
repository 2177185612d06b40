import type { Tf } from '../../backends/tf.ts';
import type { UpdateRule } from './update-rule.ts';

/** G. Hinton, Neural Networks for Machine Learning, lecture 6e, 2012; the momentum is of the scaled gradients. */
export function rmsprop(tf: Tf, decay: number, momentum: number, epsilon: number): UpdateRule {
  const squaresSlot = { name: 'squares', initial: 0 };
  return {
    slots: momentum === 0 ? [squaresSlot] : [squaresSlot, { name: 'velocity', initial: 0 }],
    update({ gradient, slots: [squares, velocity], learningRate }) {
      const nextSquares = tf.add(tf.mul(squares!, decay), tf.mul(tf.square(gradient), 1 - decay));
      const scaled = tf.div(gradient, tf.add(tf.sqrt(nextSquares), epsilon));
      if (velocity === undefined) return { change: tf.mul(scaled, learningRate), slots: [nextSquares] };
      const nextVelocity = tf.add(tf.mul(velocity, momentum), scaled);
      return { change: tf.mul(nextVelocity, learningRate), slots: [nextSquares, nextVelocity] };
    },
  };
}
