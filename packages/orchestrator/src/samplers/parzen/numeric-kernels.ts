import { LOG_NORMAL_CONSTANT, normalCdf, normalQuantile } from '../../space/normal.ts';
import type { Rng } from '../../study/rng.ts';
import type { Arena } from './arena.ts';
import { type Kernels, NEGLIGIBLE } from './kernels.ts';
import type { Column } from './tree.ts';

/** Standard deviations beyond which a normal distribution has no mass that a sum would show. */
const FAR = 8;
/** Bandwidths are not below the range over this. */
const MOST_BINS = 100;

/**
 * One normal distribution per observation, truncated to [0, 1]. Its bandwidth is the larger gap to its neighbours, kept
 * within limits ("magic clip"): J. Bergstra et al., "Algorithms for Hyper-Parameter Optimization", NeurIPS 2011; the
 * limits as in Optuna's `_ParzenEstimator`. The ends of the range are neighbours of a lone observation only.
 */
export class NumericKernels implements Kernels {
  readonly #column: Column;
  readonly #means: Float64Array;
  /** 0 where the observation lacks the parameter. */
  readonly #widths: Float64Array;
  /** log density = peak - sharpness (code - mean)². */
  readonly #peaks: Float64Array;
  readonly #sharpness: Float64Array;

  /** @param codes of this column, one per observation; NaN where it is absent. */
  constructor(column: Column, codes: Float64Array, arena: Arena) {
    const count = codes.length;
    this.#column = column;
    this.#means = arena.floats(count);
    this.#widths = neighbourGaps(codes, arena);
    this.#peaks = arena.floats(count);
    this.#sharpness = arena.floats(count);
    for (let k = 0; k < count; k++) {
      const width = this.#widths[k]!;
      if (width === 0) continue;
      const mean = codes[k]!;
      this.#means[k] = mean;
      this.#peaks[k] = -LOG_NORMAL_CONSTANT - Math.log(width * massInside(mean, width));
      this.#sharpness[k] = 0.5 / (width * width);
    }
  }

  addLogs(code: number, into: Float64Array): void {
    const [means, peaks, sharpness] = [this.#means, this.#peaks, this.#sharpness];
    for (let k = 0; k < means.length; k++) {
      const off = code - means[k]!;
      into[k]! += peaks[k]! - sharpness[k]! * off * off;
    }
  }

  addAlone(code: number, into: Float64Array, weights: Float64Array, priorWeight: number): number {
    const [means, peaks, sharpness] = [this.#means, this.#peaks, this.#sharpness];
    let sum = priorWeight;
    for (let k = 0; k < means.length; k++) {
      const off = code - means[k]!;
      const log = peaks[k]! - sharpness[k]! * off * off;
      into[k]! += log;
      if (log > NEGLIGIBLE) sum += weights[k]! * Math.exp(log);
    }
    return Math.log(sum);
  }

  has(kernel: number): boolean {
    return this.#widths[kernel]! > 0;
  }

  /** Inverse transform: the mean lies inside the range, so neither tail is far. */
  sample(kernel: number, rng: Rng): number {
    const width = this.#widths[kernel]!;
    const mean = this.#means[kernel]!;
    const below = normalCdf(-mean / width);
    const share = below + rng.next() * (normalCdf((1 - mean) / width) - below);
    const drawn = mean + width * normalQuantile(Math.min(1 - 2 ** -53, Math.max(2 ** -54, share)));
    return this.#column.snap(Math.min(1, Math.max(0, drawn)));
  }
}

function massInside(mean: number, width: number): number {
  const reach = FAR * width;
  if (mean > reach && mean < 1 - reach) return 1;
  return normalCdf((1 - mean) / width) - normalCdf(-mean / width);
}

/** Finer than the least bandwidth: a gap between two codes in one bucket is never the one that counts. */
const BUCKETS = 2 * MOST_BINS;

/**
 * The larger gap of each code to the next lower and the next higher one, at least the least bandwidth; 0 for NaN.
 * By the ends of buckets, which takes no sorting: a gap inside a bucket is below the least bandwidth.
 */
function neighbourGaps(codes: Float64Array, arena: Arena): Float64Array {
  const lows = arena.floats(BUCKETS).fill(Number.POSITIVE_INFINITY);
  const highs = arena.floats(BUCKETS).fill(Number.NEGATIVE_INFINITY);
  let size = 0;
  for (let k = 0; k < codes.length; k++) {
    const code = codes[k]!;
    if (Number.isNaN(code)) continue;
    const bucket = bucketOf(code);
    if (code < lows[bucket]!) lows[bucket] = code;
    if (code > highs[bucket]!) highs[bucket] = code;
    size++;
  }
  const below = arena.floats(BUCKETS);
  const above = arena.floats(BUCKETS);
  // The ends of the range are neighbours of a lone observation only ("consider_endpoints" is off in Optuna, too).
  for (let bucket = 0, last = size === 1 ? 0 : Number.NaN; bucket < BUCKETS; bucket++) {
    below[bucket] = last;
    if (highs[bucket]! >= 0) last = highs[bucket]!;
  }
  for (let bucket = BUCKETS - 1, last = size === 1 ? 1 : Number.NaN; bucket >= 0; bucket--) {
    above[bucket] = last;
    if (lows[bucket]! <= 1) last = lows[bucket]!;
  }
  const widths = arena.floats(codes.length);
  const least = 1 / Math.min(MOST_BINS, size + 2);
  for (let k = 0; k < codes.length; k++) {
    const code = codes[k]!;
    if (Number.isNaN(code)) continue;
    const bucket = bucketOf(code);
    let width = least;
    if (code === lows[bucket] && code - below[bucket]! > width) width = code - below[bucket]!;
    if (code === highs[bucket] && above[bucket]! - code > width) width = above[bucket]! - code;
    widths[k] = width;
  }
  return widths;
}

function bucketOf(code: number): number {
  return Math.min(BUCKETS - 1, Math.floor(code * BUCKETS));
}
