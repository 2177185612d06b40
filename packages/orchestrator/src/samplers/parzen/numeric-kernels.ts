import { LOG_NORMAL_CONSTANT, normalCdf, normalQuantile } from '../../space/normal.ts';
import type { Rng } from '../../study/rng.ts';
import type { Kernels } from './kernels.ts';
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
  constructor(column: Column, codes: Float64Array) {
    const count = codes.length;
    this.#column = column;
    this.#means = new Float64Array(count);
    this.#widths = neighbourGaps(codes);
    this.#peaks = new Float64Array(count);
    this.#sharpness = new Float64Array(count);
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

/** Codes are told apart by so many steps when they are put in order; 2^32 times the kernels stays below 2^53. */
const STEPS = 2 ** 32;

function neighbourGaps(codes: Float64Array): Float64Array {
  const count = codes.length;
  const keys = new Float64Array(count);
  let size = 0;
  // Code and kernel in one number: sorting plain numbers is many times faster than sorting by a comparison.
  for (let k = 0; k < count; k++) {
    const code = codes[k]!;
    if (!Number.isNaN(code)) keys[size++] = Math.floor(code * STEPS) * count + k;
  }
  const sorted = keys.subarray(0, size).sort();
  const widths = new Float64Array(count);
  const least = 1 / Math.min(MOST_BINS, size + 2);
  for (let i = 0; i < size; i++) {
    const kernel = sorted[i]! % count;
    const code = codes[kernel]!;
    const left = i > 0 ? code - codes[sorted[i - 1]! % count]! : size === 1 ? code : 0;
    const right = i + 1 < size ? codes[sorted[i + 1]! % count]! - code : size === 1 ? 1 - code : 0;
    widths[kernel] = Math.max(least, left, right);
  }
  return widths;
}
