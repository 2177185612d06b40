import { Cholesky, dot } from './cholesky.ts';
import { type InputWarp, warpOf } from './input-warp.ts';
import { Kernel } from './kernel.ts';
import type { KernelShape, Theta } from './kernel-shape.ts';
import { PointColumns } from './points.ts';

/** Variances below this are rounding. */
const SMALLEST_VARIANCE = 1e-12;

/** Mean and variance of a Gaussian process at a point, and where asked their slopes along its columns. */
export interface Prediction {
  mean: number;
  variance: number;
  readonly meanSlopes: Float64Array;
  readonly varianceSlopes: Float64Array;
}

/**
 * The Gaussian process given its hyperparameters (Rasmussen and Williams, algorithm 2.1). Points are added one by one
 * at O(n²); outputs may change as a whole at O(n²).
 */
export class Posterior {
  readonly kernel: Kernel;
  /** As the kernel sees them: warped where it says so. */
  readonly points: PointColumns;
  readonly #cholesky: Cholesky;
  #alpha = new Float64Array(64);
  #row = new Float64Array(64);
  #weights = new Float64Array(64);
  #four = new Float64Array(256);
  readonly #drops: Float64Array[];
  readonly #warp: InputWarp | null;
  readonly #warped: Float64Array;

  constructor(shape: KernelShape, theta: Theta, capacity = 64) {
    this.kernel = new Kernel(shape, theta);
    this.#warp = warpOf(shape, theta);
    this.#warped = new Float64Array(this.#warp === null ? 0 : shape.isChoice.length);
    this.points = new PointColumns(shape.isChoice.length, capacity);
    this.#cholesky = new Cholesky(capacity);
    this.#drops = shape.terms.map(() => new Float64Array(64));
  }

  get size(): number {
    return this.points.size;
  }

  push(point: Float64Array): void {
    const n = this.points.size;
    this.#ensure(n + 1);
    const seen = this.#seen(point);
    this.kernel.row(this.points, n, seen, this.#row);
    this.#row[n] = this.kernel.variance + this.kernel.noise;
    this.#cholesky.push(this.#row);
    this.points.push(seen);
  }

  truncate(size: number): void {
    this.points.truncate(size);
    this.#cholesky.truncate(size);
  }

  /** Outputs of all points; must follow every change of the points. */
  setOutputs(y: Float64Array): void {
    const n = this.points.size;
    this.#alpha.set(y.subarray(0, n));
    this.#cholesky.solveLower(this.#alpha);
    this.#cholesky.solveUpper(this.#alpha);
  }

  /**
   * Adds points without outputs to those that have them. They take uncertainty away and leave the mean as it was, as if
   * each had brought what was expected of it: the kriging believer (Ginsbourger, Le Riche and Carraro, "Kriging Is
   * Well-Suited to Parallelize Optimization", 2010, section 4.2.2).
   * @param y outputs of the points before.
   */
  pushBelieved(points: readonly Float64Array[], y: Float64Array): void {
    // With A = L·Lᵀ and y = L·w, an outcome beyond what the points before it tell is its part of w: here none.
    const w = y.slice();
    this.#cholesky.solveLower(w);
    for (const point of points) this.push(point);
    this.#alpha.fill(0);
    this.#alpha.set(w);
    this.#cholesky.solveUpper(this.#alpha);
  }

  /** The mean at every point, of which `y` are the outputs: K·α = y − noise·α. */
  meansAtPoints(y: Float64Array): Float64Array {
    return y.map((value, i) => value - this.kernel.noise * this.#alpha[i]!);
  }

  meanAt(x: Float64Array): number {
    const n = this.points.size;
    this.kernel.row(this.points, n, this.#seen(x), this.#row);
    return dot(this.#row, 0, this.#alpha, 0, n);
  }

  predict(x: Float64Array, out: Prediction): void {
    const n = this.points.size;
    this.kernel.row(this.points, n, this.#seen(x), this.#row);
    out.mean = dot(this.#row, 0, this.#alpha, 0, n);
    this.#cholesky.solveLower(this.#row);
    out.variance = Math.max(SMALLEST_VARIANCE, this.kernel.variance - dot(this.#row, 0, this.#row, 0, n));
  }

  /** The mean, and in O(n) a variance that is never too small: given only the point that tells most. */
  predictRoughly(x: Float64Array, out: Prediction): void {
    const n = this.points.size;
    this.kernel.row(this.points, n, this.#seen(x), this.#row);
    out.mean = dot(this.#row, 0, this.#alpha, 0, n);
    let most = 0;
    for (let j = 0; j < n; j++) if (this.#row[j]! > most) most = this.#row[j]!;
    const { variance, noise } = this.kernel;
    out.variance = Math.max(SMALLEST_VARIANCE, variance - (most * most) / (variance + noise));
  }

  /** Four points at once, for less than the time of two; `use` is called for each in turn. */
  predictFour(points: readonly Float64Array[], out: Prediction, use: (index: number) => void): void {
    const n = this.points.size;
    const four = this.#four;
    four.fill(0, 0, 4 * n);
    const means = [0, 0, 0, 0];
    for (const [q, x] of points.entries()) {
      this.kernel.row(this.points, n, this.#seen(x), this.#row);
      means[q] = dot(this.#row, 0, this.#alpha, 0, n);
      for (let j = 0; j < n; j++) four[4 * j + q] = this.#row[j]!;
    }
    this.#cholesky.solveLowerFour(four);
    for (let q = 0; q < points.length; q++) {
      let known = 0;
      for (let j = q; j < 4 * n; j += 4) known += four[j]! * four[j]!;
      out.mean = means[q]!;
      out.variance = Math.max(SMALLEST_VARIANCE, this.kernel.variance - known);
      use(q);
    }
  }

  /** Along choices the slopes are 0. */
  predictWithSlopes(x: Float64Array, out: Prediction): void {
    const n = this.points.size;
    const seen = this.#seen(x);
    this.kernel.rowWithDrops(this.points, n, seen, this.#row, this.#drops);
    out.mean = dot(this.#row, 0, this.#alpha, 0, n);
    this.#weights.set(this.#row.subarray(0, n));
    this.#cholesky.solveLower(this.#weights);
    out.variance = Math.max(
      SMALLEST_VARIANCE,
      this.kernel.variance - dot(this.#weights, 0, this.#weights, 0, n),
    );
    this.#cholesky.solveUpper(this.#weights);
    out.meanSlopes.fill(0);
    out.varianceSlopes.fill(0);
    const { terms, offsets, isChoice } = this.kernel.shape;
    for (const [t, term] of terms.entries()) {
      for (let k = 0; k < term.length; k++) {
        const c = term[k]!;
        if (isChoice[c] === 1) continue;
        this.#addSlopes(seen[c]!, c, this.#drops[t]!, this.kernel.rates[offsets[t]! + k]!, out);
      }
    }
    if (this.#warp !== null) this.#chainSlopes(this.#warp, x, out);
  }

  /** From slopes along warped positions to slopes along positions. */
  #chainSlopes(warp: InputWarp, x: Float64Array, { meanSlopes, varianceSlopes }: Prediction): void {
    for (const c of this.kernel.shape.warped) {
      const slope = warp.slope(c, x[c]!);
      meanSlopes[c] = meanSlopes[c]! * slope;
      varianceSlopes[c] = varianceSlopes[c]! * slope;
    }
  }

  /** Valid until the next call. */
  #seen(point: Float64Array): Float64Array {
    return this.#warp === null ? point : this.#warp.apply(point, this.#warped);
  }

  #addSlopes(x: number, c: number, drop: Float64Array, rate: number, out: Prediction): void {
    const column = this.points.columns[c]!;
    const alpha = this.#alpha;
    const weights = this.#weights;
    const n = this.points.size;
    let mean = 0;
    let variance = 0;
    for (let j = 0; j < n; j++) {
      const fall = drop[j]! * (x - column[j]!);
      mean += alpha[j]! * fall;
      variance += weights[j]! * fall;
    }
    const square = (rate * rate) / 5;
    out.meanSlopes[c] = out.meanSlopes[c]! - mean * square;
    out.varianceSlopes[c] = out.varianceSlopes[c]! + 2 * variance * square;
  }

  #ensure(size: number): void {
    if (size <= this.#alpha.length) return;
    this.#alpha = new Float64Array(2 * size);
    this.#row = new Float64Array(2 * size);
    this.#weights = new Float64Array(2 * size);
    this.#four = new Float64Array(8 * size);
    for (let t = 0; t < this.#drops.length; t++) this.#drops[t] = new Float64Array(2 * size);
  }
}

export function createPrediction(width: number): Prediction {
  return {
    mean: 0,
    variance: 0,
    meanSlopes: new Float64Array(width),
    varianceSlopes: new Float64Array(width),
  };
}
