import { checkPaired, hasNumbers, type Numbers } from './samples.ts';

/** Share of the samples whose class was predicted, 0 to 1. */
export function accuracy(truth: Numbers, predicted: Numbers): number {
  checkPaired(truth, predicted);
  if (!hasNumbers(predicted)) return Number.NaN;
  let hits = 0;
  for (let i = 0; i < truth.length; i++) hits += Number(truth[i] === predicted[i]);
  return hits / truth.length;
}

/**
 * Share of the samples whose class is among the `k` most probable ones. Of equally probable classes the later one counts
 * as more probable, as in scikit-learn's `top_k_accuracy_score`.
 * @param probabilities row after row, `classes` numbers each
 */
export function topKAccuracy(truth: Numbers, probabilities: Numbers, classes: number, k: number): number {
  checkPaired(truth, probabilities, classes);
  if (!hasNumbers(probabilities)) return Number.NaN;
  let hits = 0;
  for (let row = 0; row < truth.length; row++) {
    const right = truth[row]!;
    const own = probabilities[row * classes + right]!;
    let before = 0;
    for (let c = 0; c < classes; c++) {
      const other = probabilities[row * classes + c]!;
      if (other > own || (other === own && c > right)) before += 1;
    }
    hits += Number(before < k);
  }
  return hits / truth.length;
}
