import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../backends/tf.ts';
import type { LossFunction } from './loss-function.ts';

/** As tfjs and Keras clip probabilities before their logarithm. */
const LEAST = 1e-7;

/**
 * Negative logarithm of the probability of the truth. With `gamma` above 0 the focal loss: each class's term weighs
 * (1 - p)^gamma. T.-Y. Lin et al., "Focal loss for dense object detection", 2017, eq. 4.
 * @param labelSmoothing share of the certainty that is spread over all classes: C. Szegedy et al., 2016, section 7
 */
export function categoricalCrossEntropy(tf: Tf, gamma = 0, labelSmoothing = 0): LossFunction {
  return (truth, predicted) => {
    const classes = truth.shape.at(-1)!;
    const smooth = smoothed(tf, truth, labelSmoothing, classes);
    return tf.neg(tf.sum(tf.mul(smooth, focused(tf, predicted, gamma)), -1));
  };
}

/** Likewise for two classes: truths 0 and 1, predictions the probability of 1. */
export function binaryCrossEntropy(tf: Tf, gamma = 0, labelSmoothing = 0): LossFunction {
  return (truth, predicted) => {
    const smooth = smoothed(tf, truth, labelSmoothing, 2);
    const terms = tf.add(
      tf.mul(smooth, focused(tf, predicted, gamma)),
      tf.mul(tf.sub(1, smooth), focused(tf, tf.sub(1, predicted), gamma)),
    );
    return tf.neg(tf.mean(terms, -1));
  };
}

function smoothed(tf: Tf, truth: Tensor, share: number, classes: number): Tensor {
  return share === 0 ? truth : tf.add(tf.mul(truth, 1 - share), share / classes);
}

/** log(p), times (1 - p)^gamma. */
function focused(tf: Tf, probability: Tensor, gamma: number): Tensor {
  const p = tf.clipByValue(probability, LEAST, 1 - LEAST);
  return gamma === 0 ? tf.log(p) : tf.mul(tf.pow(tf.sub(1, p), gamma), tf.log(p));
}
