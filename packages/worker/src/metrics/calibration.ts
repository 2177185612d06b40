import { mostProbable } from './predicted-classes.ts';
import { checkPaired, hasNumbers, type Numbers } from './samples.ts';

/** Samples whose confidence lies in one stretch of 0..1. */
export interface CalibrationBin {
  readonly count: number;
  /** Mean of what the model said. */
  readonly confidence: number;
  /** How often it was right. */
  readonly accuracy: number;
}

const DEFAULT_BINS = 15;

/**
 * Confidence against truth, in stretches of equal width that hold their upper end; empty ones are left out.
 * @param right 1 where what the confidence is about came true, else 0
 */
export function calibrationCurve(
  right: Numbers,
  confidences: Numbers,
  bins = DEFAULT_BINS,
): CalibrationBin[] {
  checkPaired(right, confidences);
  const counts = new Float64Array(bins);
  const said = new Float64Array(bins);
  const hits = new Float64Array(bins);
  for (let i = 0; i < right.length; i++) {
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidences[i]! * bins) - 1));
    counts[bin]! += 1;
    said[bin]! += confidences[i]!;
    hits[bin]! += right[i]!;
  }
  return Array.from(counts, (count, bin) => ({
    count,
    confidence: said[bin]! / count,
    accuracy: hits[bin]! / count,
  })).filter(({ count }) => count > 0);
}

/**
 * Expected calibration error of the predicted class, 0 to 1: how far confidence and accuracy are apart, by the samples'
 * share. C. Guo et al., "On Calibration of Modern Neural Networks", 2017, eq. 3.
 * @param probabilities row after row, `classes` numbers each
 */
export function calibrationError(
  truth: Numbers,
  probabilities: Numbers,
  classes: number,
  bins = DEFAULT_BINS,
): number {
  checkPaired(truth, probabilities, classes);
  if (truth.length === 0 || !hasNumbers(probabilities)) return Number.NaN;
  const predicted = mostProbable(probabilities, classes);
  const right = Uint8Array.from(predicted, (c, row) => Number(c === truth[row]));
  const confidences = Float64Array.from(predicted, (c, row) => probabilities[row * classes + c]!);
  let error = 0;
  for (const { count, confidence, accuracy } of calibrationCurve(right, confidences, bins)) {
    error += (count / truth.length) * Math.abs(confidence - accuracy);
  }
  return error;
}
