import type { Numbers } from './samples.ts';

/**
 * The most probable class of each sample; of equal ones the first. NaN for a sample with a NaN in it.
 * @param probabilities row after row, `classes` numbers each
 */
export function mostProbable(probabilities: Numbers, classes: number): Float64Array {
  const predicted = new Float64Array(probabilities.length / classes);
  for (let row = 0; row < predicted.length; row++) {
    let best = 0;
    let unsure = false;
    for (let c = 0; c < classes; c++) {
      const value = probabilities[row * classes + c]!;
      if (Number.isNaN(value)) unsure = true;
      else if (value > probabilities[row * classes + best]!) best = c;
    }
    predicted[row] = unsure ? Number.NaN : best;
  }
  return predicted;
}

/** 1 where the probability of class 1 is above the threshold, else 0; NaN stays NaN. */
export function aboveThreshold(probabilities: Numbers, threshold = 0.5): Float64Array {
  return Float64Array.from(probabilities, (p) => (Number.isNaN(p) ? p : Number(p > threshold)));
}
