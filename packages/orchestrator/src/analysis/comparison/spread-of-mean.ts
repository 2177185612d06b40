import type { Rng } from '../../study/rng.ts';

export interface Spread {
  readonly mean: number;
  /** Ends of the 95 % interval of the mean, by a percentile bootstrap over seeds; null of a single sweep. */
  readonly low: number | null;
  readonly high: number | null;
}

const RESAMPLES = 2_000;

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Percentile bootstrap (Efron 1979) of the mean. @param values at least 2 */
export function spreadOfMean(values: readonly number[], rng: Rng): Spread {
  const n = values.length;
  const means = Float64Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[rng.int(n)]!;
    return sum / n;
  }).sort();
  return { mean: meanOf(values), low: quantileOf(means, 0.025), high: quantileOf(means, 0.975) };
}

/** Linear interpolation between the order statistics, as NumPy's default. @param ascending at least 1 */
export function quantileOf(ascending: Float64Array, share: number): number {
  const at = share * (ascending.length - 1);
  const below = Math.floor(at);
  const [a, b] = [ascending[below]!, ascending[Math.min(ascending.length - 1, below + 1)]!];
  return a === b ? a : a + (at - below) * (b - a);
}
