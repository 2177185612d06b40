import { checkPaired, hasNumbers, type Numbers } from './samples.ts';
import { thresholdCounts } from './threshold-counts.ts';

/** Receiver operating characteristic: one point per threshold, from (0, 0), at an infinite one, to (1, 1). */
export interface RocCurve {
  readonly thresholds: Float64Array;
  readonly falsePositiveRate: Float64Array;
  readonly truePositiveRate: Float64Array;
}

/**
 * @param truth 0 or 1
 * @param scores the higher, the surer of class 1
 * @returns rates that are NaN where a class has no sample
 */
export function rocCurve(truth: Numbers, scores: Numbers): RocCurve {
  const { thresholds, positives, negatives } = thresholdCounts(truth, scores);
  const rates = (counts: Float64Array): Float64Array => {
    const total = counts.at(-1) ?? 0;
    return beginningWith(0, counts).map((count) => count / total);
  };
  return {
    thresholds: beginningWith(Number.POSITIVE_INFINITY, thresholds),
    falsePositiveRate: rates(negatives),
    truePositiveRate: rates(positives),
  };
}

function beginningWith(first: number, rest: Float64Array): Float64Array {
  const values = new Float64Array(rest.length + 1);
  values[0] = first;
  values.set(rest, 1);
  return values;
}

/**
 * Area under the ROC curve: how likely a sample of class 1 scores above one of class 0, a tie counting half. NaN where
 * only one class occurs.
 */
export function rocAuc(truth: Numbers, scores: Numbers): number {
  if (!hasNumbers(scores)) return Number.NaN;
  const { positives, negatives } = thresholdCounts(truth, scores);
  const pairs = (positives.at(-1) ?? 0) * (negatives.at(-1) ?? 0);
  if (pairs === 0) return Number.NaN;
  let area = 0;
  let [positive, negative] = [0, 0];
  for (let i = 0; i < positives.length; i++) {
    area += ((positives[i]! + positive) / 2) * (negatives[i]! - negative);
    positive = positives[i]!;
    negative = negatives[i]!;
  }
  return area / pairs;
}

/**
 * Mean of each class's area against all others, over the classes that occur; NaN where only one does.
 * @param probabilities row after row, `classes` numbers each
 */
export function multiclassRocAuc(truth: Numbers, probabilities: Numbers, classes: number): number {
  return oneVersusRest(truth, probabilities, classes, rocAuc);
}

/** The mean of a binary score over the classes that occur, each against all others. */
export function oneVersusRest(
  truth: Numbers,
  probabilities: Numbers,
  classes: number,
  score: (truth: Numbers, scores: Numbers) => number,
): number {
  checkPaired(truth, probabilities, classes);
  let sum = 0;
  let present = 0;
  for (let c = 0; c < classes; c++) {
    const isIt = Uint8Array.from(truth, (label) => Number(label === c));
    if (!isIt.includes(1)) continue;
    sum += score(
      isIt,
      Float64Array.from(isIt, (_, row) => probabilities[row * classes + c]!),
    );
    present += 1;
  }
  return sum / present;
}
