import type { Samples } from './mixture.ts';

/** log((count + 1) / rank), rank 1 the best; scaled to mean 1. */
export function rankWeights(count: number): Float64Array {
  const weights = Float64Array.from({ length: count }, (_, r) => Math.log((count + 1) / (r + 1)));
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / count;
  return weights.map((weight) => weight / mean);
}

/** The rows of these trials, one after the other. */
export function rowsOf(numbers: ArrayLike<number>, rows: Float64Array, width: number): Float64Array {
  const chosen = new Float64Array(numbers.length * width);
  for (let k = 0; k < numbers.length; k++) {
    const start = numbers[k]! * width;
    chosen.set(rows.subarray(start, start + width), k * width);
  }
  return chosen;
}

export function joined(parts: readonly Samples[]): Samples {
  return {
    rows: concatenated(parts.map(({ rows }) => rows)),
    weights: concatenated(parts.map(({ weights }) => weights)),
  };
}

function concatenated(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
