import { createRng, type Rng } from '../study/rng.ts';

/** The two values that normalise a regret: the best one possible, and what few random trials reach. */
export interface RegretScale {
  readonly zero: number;
  readonly one: number;
}

/** 0 at the known optimum, 1 at (or beyond) the median of the best of 10 random trials. */
export function normalisedRegret(best: number, { zero, one }: RegretScale): number {
  return Math.min(1, Math.max(0, (best - zero) / (one - zero)));
}

/** The smallest value so far, value by value; NaN counts as nothing. */
export function bestSoFar(values: readonly number[]): number[] {
  let best = Number.POSITIVE_INFINITY;
  return values.map((value) => {
    if (value < best) best = value;
    return best;
  });
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Of the mean; 0 for a single value, of which nothing is known. */
export function standardError(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

export interface MeanDifference {
  /** mean(ours) - mean(theirs): below 0 where ours is smaller. */
  readonly difference: number;
  /** 95 % percentile interval of the bootstrap. */
  readonly low: number;
  readonly high: number;
  /** Seed i against seed i; otherwise both sides were drawn by themselves, because their numbers differ. */
  readonly paired: boolean;
}

const RESAMPLES = 10_000;

/**
 * The percentile bootstrap of a difference of means (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
 * chapter 13), paired by seed where both sides have as many.
 */
export function bootstrapDifference(
  ours: readonly number[],
  theirs: readonly number[],
  seed: number,
): MeanDifference {
  const rng = createRng(seed, 0, 'bootstrap');
  const paired = ours.length === theirs.length;
  const gaps = ours.map((value, i) => value - theirs[i]!);
  const draws = Float64Array.from({ length: RESAMPLES }, () =>
    paired ? meanOfDraw(gaps, rng) : meanOfDraw(ours, rng) - meanOfDraw(theirs, rng),
  ).sort();
  return {
    difference: mean(ours) - mean(theirs),
    low: draws[Math.floor(0.025 * (RESAMPLES - 1))]!,
    high: draws[Math.ceil(0.975 * (RESAMPLES - 1))]!,
    paired,
  };
}

function meanOfDraw(values: readonly number[], rng: Rng): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[rng.int(values.length)]!;
  return sum / values.length;
}
