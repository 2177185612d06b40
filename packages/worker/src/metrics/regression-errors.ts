import { checkPaired, type Numbers } from './samples.ts';

/** In the target's unit, squared. */
export function meanSquaredError(truth: Numbers, predicted: Numbers): number {
  return meanOf(truth, predicted, (y, guess) => (y - guess) ** 2);
}

/** In the target's unit. */
export function rootMeanSquaredError(truth: Numbers, predicted: Numbers): number {
  return Math.sqrt(meanSquaredError(truth, predicted));
}

/** In the target's unit. */
export function meanAbsoluteError(truth: Numbers, predicted: Numbers): number {
  return meanOf(truth, predicted, (y, guess) => Math.abs(y - guess));
}

/** As a share of the truth, 1 being 100 %. A truth of 0 counts as 2^-52, so that a miss of it is very large. */
export function meanAbsolutePercentageError(truth: Numbers, predicted: Numbers): number {
  return meanOf(truth, predicted, (y, guess) => Math.abs(y - guess) / Math.max(Number.EPSILON, Math.abs(y)));
}

function meanOf(truth: Numbers, predicted: Numbers, error: (truth: number, guess: number) => number): number {
  checkPaired(truth, predicted);
  let sum = 0;
  for (let i = 0; i < truth.length; i++) sum += error(truth[i]!, predicted[i]!);
  return sum / truth.length;
}
