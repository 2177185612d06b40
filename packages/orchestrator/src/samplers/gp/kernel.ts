import { expNegative } from './exp-negative.ts';
import { type KernelShape, noiseIndex, scaleIndex, type Theta } from './kernel-shape.ts';
import type { PointColumns } from './points.ts';

/** Of the standardised outputs' variance: what keeps the matrix well away from singular. */
export const SMALLEST_NOISE = 1e-6;

// Divisions take several times as long as multiplications.
const THIRD = 1 / 3;
const FIVE_THIRDS = 5 / 3;

/**
 * A sum of Matérn-5/2 kernels, each with a weight and a length scale per column (Rasmussen and Williams, eq. 4.17).
 * Positive semidefinite whatever the columns hold, because each summand is a kernel of points in Euclidean space: a
 * mismatch of choices is a distance of one length.
 */
export class Kernel {
  readonly shape: KernelShape;
  readonly weights: Float64Array;
  /** √5 / length scale, for every column of every term. */
  readonly rates: Float64Array;
  readonly noise: number;
  /** k(x, x) without noise. */
  readonly variance: number;
  #squares = new Float64Array(64);

  constructor(shape: KernelShape, theta: Theta) {
    this.shape = shape;
    this.weights = Float64Array.from(shape.terms, (_, t) => Math.exp(theta[t]!));
    this.rates = new Float64Array(shape.scales);
    for (const [t, term] of shape.terms.entries())
      for (let k = 0; k < term.length; k++)
        this.rates[shape.offsets[t]! + k] = Math.sqrt(5) * Math.exp(-theta[scaleIndex(shape, t, k)]!);
    this.noise = SMALLEST_NOISE + Math.exp(theta[noiseIndex(shape)]!);
    this.variance = this.weights.reduce((sum, w) => sum + w, 0);
  }

  /** `out[j]` ← k(x, point j), j < count. */
  row(points: PointColumns, count: number, x: Float64Array, out: Float64Array): void {
    out.fill(0, 0, count);
    for (let t = 0; t < this.weights.length; t++) {
      const squares = this.#distances(t, points, count, x);
      const weight = this.weights[t]!;
      for (let j = 0; j < count; j++) {
        const s = Math.sqrt(squares[j]!);
        out[j] = out[j]! + weight * (1 + s + s * s * THIRD) * expNegative(s);
      }
    }
  }

  /**
   * The same, and `drops[t][j]` ← weight · (5/3)·(1 + s)·exp(−s) of term t: the factor of −(x − x_j)/ℓ² in its slope
   * along a column of x, and of (x − x_j)²/ℓ² in its slope along that column's log length scale.
   */
  rowWithDrops(
    points: PointColumns,
    count: number,
    x: Float64Array,
    out: Float64Array,
    drops: readonly Float64Array[],
  ): void {
    out.fill(0, 0, count);
    for (let t = 0; t < this.weights.length; t++) {
      const squares = this.#distances(t, points, count, x);
      const weight = this.weights[t]!;
      const drop = drops[t]!;
      for (let j = 0; j < count; j++) {
        const s = Math.sqrt(squares[j]!);
        const e = weight * expNegative(s);
        out[j] = out[j]! + (1 + s + s * s * THIRD) * e;
        drop[j] = FIVE_THIRDS * (1 + s) * e;
      }
    }
  }

  /** 5·(distance / length scale)² of one term. */
  #distances(t: number, points: PointColumns, count: number, x: Float64Array): Float64Array {
    if (this.#squares.length < count) this.#squares = new Float64Array(2 * count);
    const squares = this.#squares;
    squares.fill(0, 0, count);
    const term = this.shape.terms[t]!;
    const offset = this.shape.offsets[t]!;
    for (let k = 0; k < term.length; k++)
      addDistances(
        squares,
        points.columns[term[k]!]!,
        count,
        x[term[k]!]!,
        this.rates[offset + k]!,
        this.shape.isChoice[term[k]!] === 1,
      );
    return squares;
  }
}

/** Adds rate²·(x − column)², or rate² where choices differ. */
export function addDistances(
  squares: Float64Array,
  column: Float64Array,
  count: number,
  x: number,
  rate: number,
  isChoice: boolean,
): void {
  if (isChoice) {
    for (let j = 0; j < count; j++) if (column[j] !== x) squares[j] = squares[j]! + rate * rate;
    return;
  }
  for (let j = 0; j < count; j++) {
    const d = rate * (column[j]! - x);
    squares[j] = squares[j]! + d * d;
  }
}
