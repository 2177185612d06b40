/** Which columns a kernel sees and how it adds them up. */
export interface KernelShape {
  /** Per column 1 where only equality counts (unordered choices), 0 where distance counts. */
  readonly isChoice: Uint8Array;
  /** Columns that are parameters; fidelity and earlier tasks come after them. */
  readonly ownColumns: number;
  /** Columns of each summand; every summand has a length scale of its own for each of its columns. */
  readonly terms: readonly Int32Array[];
  /** Where each summand's length scales begin among all length scales. */
  readonly offsets: readonly number[];
  readonly scales: number;
  /** Columns of numbers whose positions are warped before a kernel sees them. */
  readonly warped: readonly number[];
}

/**
 * Logarithms of the hyperparameters in one vector: a weight per term, the length scales term by term, the noise
 * variance, and log a and log b of each warped column.
 */
export type Theta = Float64Array;

export function kernelShape(
  isChoice: Uint8Array,
  groups: readonly (readonly number[])[],
  ownColumns = isChoice.length,
  warped: readonly number[] = [],
): KernelShape {
  const terms = groups.map((group) => Int32Array.from(group));
  const offsets: number[] = [];
  let scales = 0;
  for (const term of terms) {
    offsets.push(scales);
    scales += term.length;
  }
  return { isChoice, ownColumns, terms, offsets, scales, warped };
}

export const thetaLength = ({ terms, scales, warped }: KernelShape): number =>
  terms.length + scales + 1 + 2 * warped.length;
export const scaleIndex = ({ terms, offsets }: KernelShape, term: number, at: number): number =>
  terms.length + offsets[term]! + at;
export const noiseIndex = ({ terms, scales }: KernelShape): number => terms.length + scales;
/** Of log a of the k-th warped column; log b comes next. */
export const warpIndex = (shape: KernelShape, k: number): number => noiseIndex(shape) + 1 + 2 * k;
