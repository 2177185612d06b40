import { checkPaired, type Numbers } from './samples.ts';

/** For each score that occurs, from the highest: how many samples of each class have it or a higher one. */
export interface ThresholdCounts {
  readonly thresholds: Float64Array;
  /** Samples of class 1, and of class 0, at or above the threshold. */
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

/** @param scores the higher, the surer of class 1; equal ones share a threshold */
export function thresholdCounts(truth: Numbers, scores: Numbers): ThresholdCounts {
  checkPaired(truth, scores);
  const order = Uint32Array.from({ length: truth.length }, (_, i) => i);
  order.sort((a, b) => scores[b]! - scores[a]!);
  const thresholds: number[] = [];
  const positives: number[] = [];
  const negatives: number[] = [];
  let positive = 0;
  let negative = 0;
  order.forEach((sample, i) => {
    if (truth[sample] === 1) positive += 1;
    else negative += 1;
    const next = order[i + 1];
    if (next !== undefined && scores[next] === scores[sample]) return;
    thresholds.push(scores[sample]!);
    positives.push(positive);
    negatives.push(negative);
  });
  return {
    thresholds: Float64Array.from(thresholds),
    positives: Float64Array.from(positives),
    negatives: Float64Array.from(negatives),
  };
}
