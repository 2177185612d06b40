import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../backends/tf.ts';

/** Against a division by 0; as in PyTorch. */
const EPSILON = 1e-6;

/**
 * All gradients scaled down by one factor where their common Euclidean norm is above `most`; the direction stays.
 * R. Pascanu et al., "On the difficulty of training recurrent neural networks", 2013, algorithm 1.
 */
export function clipByGlobalNorm(tf: Tf, gradients: readonly Tensor[], most: number): Tensor[] {
  const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
  const norm = tf.sqrt(tf.addN(squares));
  const factor = tf.minimum(1, tf.div(most, tf.add(norm, EPSILON)));
  return gradients.map((gradient) => tf.mul(gradient, factor));
}

/** Each number kept within plus and minus `most`. */
export function clipByValue(tf: Tf, gradients: readonly Tensor[], most: number): Tensor[] {
  return gradients.map((gradient) => tf.clipByValue(gradient, -most, most));
}
