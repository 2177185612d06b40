import type { Rng } from '../../study/rng.ts';

/**
 * One parameter's part of a mixture of products: kernel k of every parameter belongs to the same observation. The log
 * density of a candidate under a kernel is its peak and its drop from there.
 */
export interface Kernels {
  /** A position (numeric axis) or the index of a choice, drawn from one kernel. */
  sample(kernel: number, rng: Rng): number;
  /** The candidates that `drop` is asked about from now on. */
  judge(candidates: Float64Array): void;
  /** Adds to `out[k]` the largest log density that anything has under kernel k. */
  addPeaks(out: Float64Array): void;
  /** At most 0. */
  drop(candidate: number, kernel: number): number;
}
