import { checkPaired, hasNumbers, type Numbers } from './samples.ts';

/** A probability of exactly 0 counts as this much, 2^-52: one sure error must not make the loss infinite. */
const LEAST = Number.EPSILON;

/**
 * Mean negative logarithm (natural) of the probability that the right class was given; 0 is perfect.
 * @param probabilities row after row, `classes` numbers each that sum to 1
 */
export function logLoss(truth: Numbers, probabilities: Numbers, classes: number): number {
  checkPaired(truth, probabilities, classes);
  if (!hasNumbers(probabilities)) return Number.NaN;
  let sum = 0;
  for (let row = 0; row < truth.length; row++) {
    sum -= Math.log(clipped(probabilities[row * classes + truth[row]!]!));
  }
  return sum / truth.length;
}

/** Likewise for two classes. @param probabilities of class 1 */
export function binaryLogLoss(truth: Numbers, probabilities: Numbers): number {
  checkPaired(truth, probabilities);
  if (!hasNumbers(probabilities)) return Number.NaN;
  let sum = 0;
  for (let i = 0; i < truth.length; i++) {
    const p = probabilities[i]!;
    sum -= Math.log(clipped(truth[i] === 1 ? p : 1 - p));
  }
  return sum / truth.length;
}

const clipped = (p: number): number => Math.min(1 - LEAST, Math.max(LEAST, p));
