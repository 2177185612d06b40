/**
 * How the scores of this folder take what a model said. Truths and predictions are class numbers from 0, or real
 * numbers in a regression; probabilities of several classes lie row after row, one row per sample.
 *
 * A prediction that is NaN makes every score of it NaN: such a model has no quality. Without samples a score is NaN too.
 */
export type Numbers = ArrayLike<number>;

export class MetricInputError extends RangeError {
  override readonly name = 'MetricInputError';
}

/** @throws MetricInputError where two lists that belong together differ in length */
export function checkPaired(truth: Numbers, predicted: Numbers, width = 1): void {
  if (truth.length * width === predicted.length) return;
  throw new MetricInputError(
    `${truth.length} samples need ${truth.length * width} predictions (${width} each), got ${predicted.length}.`,
  );
}

/** Whether no value is NaN. */
export function hasNumbers(values: Numbers): boolean {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i]!)) return false;
  return true;
}

export function mean(values: Numbers): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
