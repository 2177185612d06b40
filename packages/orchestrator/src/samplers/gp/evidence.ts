import { Cholesky, dot } from './cholesky.ts';
import { expNegative } from './exp-negative.ts';
import type { HyperPrior } from './hyper-prior.ts';
import { type InputWarp, warpOf } from './input-warp.ts';
import { Kernel, SMALLEST_NOISE } from './kernel.ts';
import { type KernelShape, noiseIndex, scaleIndex, type Theta, warpIndex } from './kernel-shape.ts';
import type { PointColumns } from './points.ts';

// Divisions take several times as long as multiplications.
const THIRD = 1 / 3;
const FIVE_THIRDS = 5 / 3;

/**
 * The negative log posterior of the hyperparameters, −log p(y | X, θ) − log p(θ) up to a constant, and its gradient
 * (Rasmussen and Williams, eqs. 5.8 and 5.9). All work space is made once.
 */
export class Evidence {
  readonly #shape: KernelShape;
  readonly #points: PointColumns;
  /** The points as the kernel sees them: the same where nothing is warped. */
  readonly #seen: PointColumns;
  readonly #y: Float64Array;
  readonly #prior: HyperPrior;
  readonly #cholesky: Cholesky;
  readonly #alpha: Float64Array;
  readonly #row: Float64Array;
  readonly #x: Float64Array;
  readonly #factors: Float64Array;
  /** Per term, for every pair i > j at i·(i−1)/2 + j: the summand and its drop. */
  readonly #values: readonly Float64Array[];
  readonly #drops: readonly Float64Array[];
  /** Per column, where it is warped: the slope along every point's warped position. */
  readonly #pulls: readonly (Float64Array | null)[];

  constructor(shape: KernelShape, points: PointColumns, y: Float64Array, prior: HyperPrior) {
    const n = points.size;
    this.#shape = shape;
    this.#points = points;
    this.#y = y;
    this.#prior = prior;
    this.#cholesky = new Cholesky(n);
    this.#alpha = new Float64Array(n);
    this.#row = new Float64Array(n);
    this.#x = new Float64Array(shape.isChoice.length);
    this.#factors = new Float64Array(n * n);
    const pairs = (n * (n - 1)) / 2;
    this.#values = shape.terms.map(() => new Float64Array(pairs));
    this.#drops = shape.terms.map(() => new Float64Array(pairs));
    this.#seen = shape.warped.length === 0 ? points : points.withOwn(shape.warped);
    this.#pulls = points.columns.map((_, c) => (shape.warped.includes(c) ? new Float64Array(n) : null));
  }

  /** Value at θ; writes the gradient. */
  readonly at = (theta: Theta, gradient: Float64Array): number => {
    const kernel = new Kernel(this.#shape, theta);
    const warp = warpOf(this.#shape, theta);
    if (warp !== null) this.#warp(warp);
    this.#factorise(kernel);
    const n = this.#points.size;
    this.#alpha.set(this.#y.subarray(0, n));
    this.#cholesky.solveLower(this.#alpha);
    const fit = 0.5 * dot(this.#alpha, 0, this.#alpha, 0, n);
    this.#cholesky.solveUpper(this.#alpha);
    gradient.fill(0);
    this.#addGradient(kernel, gradient);
    if (warp !== null) this.#addWarpGradients(warp, gradient);
    return fit + this.#cholesky.halfLogDeterminant() + this.#prior.penalty(theta, gradient);
  };

  #warp(warp: InputWarp): void {
    for (const c of this.#shape.warped) {
      const from = this.#points.columns[c]!;
      const to = this.#seen.columns[c]!;
      for (let i = 0; i < this.#points.size; i++) to[i] = warp.at(c, from[i]!);
      this.#pulls[c]!.fill(0);
    }
  }

  #factorise(kernel: Kernel): void {
    const n = this.#points.size;
    this.#cholesky.truncate(0);
    let pair = 0;
    for (let i = 0; i < n; i++) {
      this.#seen.get(i, this.#x);
      this.#row.fill(0, 0, i);
      for (let t = 0; t < kernel.weights.length; t++) {
        const squares = this.#distances(kernel, t, i);
        const values = this.#values[t]!;
        const drops = this.#drops[t]!;
        const weight = kernel.weights[t]!;
        for (let j = 0; j < i; j++) {
          const s = Math.sqrt(squares[j]!);
          const e = weight * expNegative(s);
          const value = (1 + s + s * s * THIRD) * e;
          values[pair + j] = value;
          drops[pair + j] = FIVE_THIRDS * (1 + s) * e;
          this.#row[j] = this.#row[j]! + value;
        }
      }
      this.#row[i] = kernel.variance + kernel.noise;
      this.#cholesky.push(this.#row);
      pair += i;
    }
  }

  #distances(kernel: Kernel, t: number, i: number): Float64Array {
    const squares = this.#factors;
    squares.fill(0, 0, i);
    const term = this.#shape.terms[t]!;
    for (let k = 0; k < term.length; k++) {
      const column = this.#seen.columns[term[k]!]!;
      const rate = kernel.rates[this.#shape.offsets[t]! + k]!;
      const x = this.#x[term[k]!]!;
      if (this.#shape.isChoice[term[k]!] === 1) {
        for (let j = 0; j < i; j++) if (column[j] !== x) squares[j] = squares[j]! + rate * rate;
      } else {
        for (let j = 0; j < i; j++) {
          const d = rate * (column[j]! - x);
          squares[j] = squares[j]! + d * d;
        }
      }
    }
    return squares;
  }

  /** Adds −½·tr((ααᵀ − K⁻¹)·∂K/∂θ). */
  #addGradient(kernel: Kernel, gradient: Float64Array): void {
    const n = this.#points.size;
    const upper = this.#factors;
    this.#cholesky.inverseTransposed(upper);
    const row = this.#row;
    const noiseAt = noiseIndex(this.#shape);
    const noise = kernel.noise - SMALLEST_NOISE;
    let pair = 0;
    for (let i = 0; i < n; i++) {
      const own = this.#alpha[i]!;
      for (let j = 0; j < i; j++)
        row[j] = own * this.#alpha[j]! - dot(upper, i * n + i, upper, j * n + i, n - i);
      const diagonal = own * own - dot(upper, i * n + i, upper, i * n + i, n - i);
      for (let t = 0; t < kernel.weights.length; t++) {
        gradient[t] =
          gradient[t]! - dot(row, 0, this.#values[t]!, pair, i) - 0.5 * diagonal * kernel.weights[t]!;
        this.#addScaleGradients(kernel, t, i, pair, gradient);
      }
      gradient[noiseAt] = gradient[noiseAt]! - 0.5 * diagonal * noise;
      pair += i;
    }
  }

  #addScaleGradients(kernel: Kernel, t: number, i: number, pair: number, gradient: Float64Array): void {
    const term = this.#shape.terms[t]!;
    const row = this.#row;
    const drops = this.#drops[t]!;
    for (let k = 0; k < term.length; k++) {
      const column = this.#seen.columns[term[k]!]!;
      const pulls = this.#pulls[term[k]!] ?? null;
      const rate = kernel.rates[this.#shape.offsets[t]! + k]!;
      const x = column[i]!;
      let sum = 0;
      if (this.#shape.isChoice[term[k]!] === 1) {
        for (let j = 0; j < i; j++) if (column[j] !== x) sum += row[j]! * drops[pair + j]!;
      } else if (pulls !== null) {
        const square = (rate * rate) / 5;
        let pull = 0;
        for (let j = 0; j < i; j++) {
          const d = column[j]! - x;
          const fall = row[j]! * drops[pair + j]! * d;
          sum += fall * d;
          pull += fall;
          pulls[j] = pulls[j]! + fall * square;
        }
        pulls[i] = pulls[i]! - pull * square;
      } else {
        for (let j = 0; j < i; j++) {
          const d = column[j]! - x;
          sum += row[j]! * drops[pair + j]! * d * d;
        }
      }
      const at = scaleIndex(this.#shape, t, k);
      gradient[at] = gradient[at]! - (sum * rate * rate) / 5;
    }
  }

  #addWarpGradients(warp: InputWarp, gradient: Float64Array): void {
    for (const [k, c] of this.#shape.warped.entries()) {
      const at = warpIndex(this.#shape, k);
      const [alongA, alongB] = warp.chain(k, this.#points.columns[c]!, this.#pulls[c]!, this.#points.size);
      gradient[at] = gradient[at]! + alongA;
      gradient[at + 1] = gradient[at + 1]! + alongB;
    }
  }
}
