import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../backends/tf.ts';

const EPSILON = 1e-7;

/**
 * A kernel whose weights into each unit (all axes but the last) have a Euclidean norm of at most `most`.
 * N. Srivastava et al., "Dropout", 2014, section 5.1.
 */
export function withinNorm(tf: Tf, kernel: Tensor, most: number): Tensor {
  const axes = kernel.shape.slice(0, -1).map((_, axis) => axis);
  const norms = tf.sqrt(tf.sum(tf.square(kernel), axes, true));
  return tf.mul(kernel, tf.minimum(1, tf.div(most, tf.add(norms, EPSILON))));
}
