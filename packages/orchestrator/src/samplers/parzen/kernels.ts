import type { Rng } from '../../study/rng.ts';

/** Logarithms this far below those of the distribution itself, which is in every sum, do not matter to it. */
export const NEGLIGIBLE = -20;

/**
 * One parameter's part of a mixture of products: kernel k of every parameter belongs to the same observation. All
 * densities are relative to the distribution itself, so that a kernel whose observation lacks the parameter is 1
 * everywhere and adds 0 to a logarithm.
 */
export interface Kernels {
  /** Adds the log density of `code` under each kernel to `into`, which has one place per kernel. */
  addLogs(code: number, into: Float64Array): void;
  /**
   * The same, and returns the log density of `code` in the mixture of this parameter alone. The weights, which sum to 1
   * with the prior's, are the same at each call.
   */
  addAlone(code: number, into: Float64Array, weights: Float64Array, priorWeight: number): number;
  /** Whether the kernel's observation has the parameter. */
  has(kernel: number): boolean;
  /** A code drawn from one kernel that has the parameter. */
  sample(kernel: number, rng: Rng): number;
}
