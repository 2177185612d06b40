import { oneVersusRest } from './roc.ts';
import { hasNumbers, type Numbers } from './samples.ts';
import { thresholdCounts } from './threshold-counts.ts';

/** One point per threshold, from the highest, where little is found and most of it is right. */
export interface PrecisionRecallCurve {
  readonly thresholds: Float64Array;
  readonly precision: Float64Array;
  /** NaN where no sample is of class 1. */
  readonly recall: Float64Array;
}

/**
 * @param truth 0 or 1
 * @param scores the higher, the surer of class 1
 */
export function precisionRecallCurve(truth: Numbers, scores: Numbers): PrecisionRecallCurve {
  const { thresholds, positives, negatives } = thresholdCounts(truth, scores);
  const total = positives.at(-1) ?? 0;
  return {
    thresholds,
    precision: positives.map((positive, i) => positive / (positive + negatives[i]!)),
    recall: positives.map((positive) => positive / total),
  };
}

/**
 * Average precision: the precision at each threshold, weighted by the recall that it adds (no interpolation). NaN where no
 * sample is of class 1.
 */
export function averagePrecision(truth: Numbers, scores: Numbers): number {
  if (!hasNumbers(scores)) return Number.NaN;
  const { precision, recall } = precisionRecallCurve(truth, scores);
  let sum = 0;
  let before = 0;
  for (let i = 0; i < precision.length; i++) {
    sum += precision[i]! * (recall[i]! - before);
    before = recall[i]!;
  }
  return precision.length === 0 ? Number.NaN : sum;
}

/** Mean over the classes that occur, each against all others. @param probabilities row after row, `classes` numbers each */
export function multiclassAveragePrecision(truth: Numbers, probabilities: Numbers, classes: number): number {
  return oneVersusRest(truth, probabilities, classes, averagePrecision);
}
