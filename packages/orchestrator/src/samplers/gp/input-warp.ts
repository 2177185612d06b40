import { type KernelShape, type Theta, warpIndex } from './kernel-shape.ts';

/** How far positions are kept from 0 and 1, where slopes of a power have no bound. */
const MARGIN = 1e-5;
const INSIDE = 1 - 2 * MARGIN;

/**
 * Positions as the kernel sees them: along each warped column w(x) = 1 − (1 − x^a)^b on [0, 1], Kumaraswamy's
 * distribution, in place of Beta's, which has no closed form (Snoek, Swersky, Zemel and Adams, "Input Warping for
 * Bayesian Optimization of Non-Stationary Functions", ICML 2014, section 3). With a = b = 1 nothing is warped, and
 * beyond 0 and 1, where trials of earlier sweeps may lie, nothing is stretched.
 */
export class InputWarp {
  readonly #columns: readonly number[];
  readonly #placeOf: Int32Array;
  readonly #a: Float64Array;
  readonly #b: Float64Array;

  constructor(shape: KernelShape, theta: Theta) {
    this.#columns = shape.warped;
    this.#placeOf = new Int32Array(shape.isChoice.length).fill(-1);
    for (const [k, c] of shape.warped.entries()) this.#placeOf[c] = k;
    this.#a = Float64Array.from(shape.warped, (_, k) => Math.exp(theta[warpIndex(shape, k)]!));
    this.#b = Float64Array.from(shape.warped, (_, k) => Math.exp(theta[warpIndex(shape, k) + 1]!));
  }

  /** A point of the model, columns that are not warped as they are. */
  apply(point: Float64Array, out: Float64Array): Float64Array {
    out.set(point);
    for (const c of this.#columns) out[c] = this.at(c, point[c]!);
    return out;
  }

  /** w(x) of a column. */
  at(c: number, x: number): number {
    const k = this.#placeOf[c]!;
    if (k < 0) return x;
    const within = -Math.expm1(this.#b[k]! * logOfRest(this.#a[k]! * Math.log(inside(x))));
    return within + x - clamped(x);
  }

  /** dw/dx of a column, x in [0, 1]. */
  slope(c: number, x: number): number {
    const k = this.#placeOf[c]!;
    if (k < 0) return 1;
    const u = inside(x);
    return (INSIDE * this.#density(k, this.#a[k]! * Math.log(u))) / u;
  }

  /** Σ `pulls[i]`·∂w(x_i)/∂log a and the same for log b, of the k-th warped column. */
  chain(k: number, column: Float64Array, pulls: Float64Array, count: number): [number, number] {
    let alongA = 0;
    let alongB = 0;
    for (let i = 0; i < count; i++) {
      const log = Math.log(inside(column[i]!));
      const logRest = this.#b[k]! * logOfRest(this.#a[k]! * log);
      alongA += pulls[i]! * this.#density(k, this.#a[k]! * log) * log;
      alongB -= pulls[i]! * logRest * Math.exp(logRest);
    }
    return [alongA, alongB];
  }

  /** a·b·x^a·(1 − x^a)^(b − 1), given log x^a: the slope along log x. */
  #density(k: number, logPower: number): number {
    const b = this.#b[k]!;
    return this.#a[k]! * b * Math.exp(logPower + (b - 1) * logOfRest(logPower));
  }
}

/** What a shape's hyperparameters warp; null where it has none for that. */
export const warpOf = (shape: KernelShape, theta: Theta): InputWarp | null =>
  shape.warped.length === 0 ? null : new InputWarp(shape, theta);

const clamped = (x: number): number => Math.min(1, Math.max(0, x));
const inside = (x: number): number => MARGIN + INSIDE * clamped(x);

/** log(1 − p) of a log p below 0, exact at both ends. */
const logOfRest = (logPower: number): number =>
  logPower > -Math.LN2 ? Math.log(-Math.expm1(logPower)) : Math.log1p(-Math.exp(logPower));
