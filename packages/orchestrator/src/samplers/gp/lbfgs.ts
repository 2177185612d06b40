/** Value at `x`; writes the gradient. */
export type Differentiable = (x: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  /** Box; same length as the start. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly evaluations: number;
  /** Ends when no component of the projected gradient exceeds it. */
  readonly gradientTolerance: number;
  /** Ends when a step gains less. */
  readonly valueTolerance: number;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly evaluations: number;
}

const MEMORY = 8;
/** Share of the gain that the slope promises (Armijo). */
const SUFFICIENT = 1e-4;
const SHORTEST_STEP = 1e-10;

/**
 * Limited-memory BFGS in a box: quasi-Newton steps on the variables that no bound holds (Nocedal and Wright, Numerical
 * Optimization, algorithm 7.4), projected onto the box, halved until they descend.
 */
export function minimise(f: Differentiable, start: Float64Array, options: LbfgsOptions): Minimum {
  return new Lbfgs(f, start, options).run();
}

class Lbfgs {
  readonly #f: Differentiable;
  readonly #options: LbfgsOptions;
  readonly #n: number;
  #x: Float64Array;
  #g: Float64Array;
  #nextX: Float64Array;
  #nextG: Float64Array;
  readonly #direction: Float64Array;
  readonly #steps: Float64Array[] = [];
  readonly #turns: Float64Array[] = [];
  readonly #products: number[] = [];
  #value: number;
  #evaluations = 1;

  constructor(f: Differentiable, start: Float64Array, options: LbfgsOptions) {
    this.#f = f;
    this.#options = options;
    this.#n = start.length;
    this.#x = start.slice();
    for (let i = 0; i < this.#n; i++) this.#x[i] = this.#clamp(i, start[i]!);
    this.#g = new Float64Array(this.#n);
    this.#nextX = new Float64Array(this.#n);
    this.#nextG = new Float64Array(this.#n);
    this.#direction = new Float64Array(this.#n);
    this.#value = f(this.#x, this.#g);
  }

  run(): Minimum {
    const { evaluations, gradientTolerance, valueTolerance } = this.#options;
    while (this.#evaluations < evaluations && Number.isFinite(this.#value)) {
      const slope = this.#aim();
      if (slope === 0 || this.#largestFree() <= gradientTolerance) break;
      const before = this.#value;
      if (!this.#descend(slope)) {
        if (this.#steps.length === 0) break;
        this.#forget();
        continue;
      }
      if (before - this.#value < valueTolerance) break;
    }
    return { x: this.#x, value: this.#value, evaluations: this.#evaluations };
  }

  #clamp(i: number, x: number): number {
    return Math.min(this.#options.upper[i]!, Math.max(this.#options.lower[i]!, x));
  }

  #isHeld(i: number): boolean {
    const x = this.#x[i]!;
    const g = this.#g[i]!;
    return (g > 0 && x <= this.#options.lower[i]!) || (g < 0 && x >= this.#options.upper[i]!);
  }

  #largestFree(): number {
    let largest = 0;
    for (let i = 0; i < this.#n; i++)
      if (!this.#isHeld(i)) largest = Math.max(largest, Math.abs(this.#g[i]!));
    return largest;
  }

  /** Sets the direction; returns its slope, 0 where there is nowhere to go. */
  #aim(): number {
    const d = this.#direction;
    for (let i = 0; i < this.#n; i++) d[i] = this.#isHeld(i) ? 0 : -this.#g[i]!;
    this.#applyInverseHessian(d);
    let slope = 0;
    for (let i = 0; i < this.#n; i++) {
      if (this.#isHeld(i)) d[i] = 0;
      slope += d[i]! * this.#g[i]!;
    }
    if (slope < 0) return slope;
    this.#forget();
    slope = 0;
    for (let i = 0; i < this.#n; i++) {
      d[i] = this.#isHeld(i) ? 0 : -this.#g[i]!;
      slope += d[i]! * this.#g[i]!;
    }
    return slope;
  }

  #applyInverseHessian(d: Float64Array): void {
    const weights = new Float64Array(this.#steps.length);
    for (let k = this.#steps.length - 1; k >= 0; k--) {
      weights[k] = product(this.#steps[k]!, d) / this.#products[k]!;
      addScaled(d, -weights[k]!, this.#turns[k]!);
    }
    const last = this.#steps.length - 1;
    if (last >= 0) scale(d, this.#products[last]! / product(this.#turns[last]!, this.#turns[last]!));
    for (let k = 0; k < this.#steps.length; k++) {
      const weight = product(this.#turns[k]!, d) / this.#products[k]!;
      addScaled(d, weights[k]! - weight, this.#steps[k]!);
    }
  }

  /** Backtracks along the direction; false where no step descends. */
  #descend(slope: number): boolean {
    const norm = Math.sqrt(product(this.#direction, this.#direction));
    let step = this.#steps.length === 0 ? Math.min(1, 0.5 / norm) : 1;
    while (this.#evaluations < this.#options.evaluations && step * norm > SHORTEST_STEP) {
      let gain = 0;
      for (let i = 0; i < this.#n; i++) {
        this.#nextX[i] = this.#clamp(i, this.#x[i]! + step * this.#direction[i]!);
        gain += this.#g[i]! * (this.#nextX[i]! - this.#x[i]!);
      }
      const value = this.#f(this.#nextX, this.#nextG);
      this.#evaluations++;
      if (value <= this.#value + SUFFICIENT * gain && gain <= 0) {
        this.#accept(value);
        return true;
      }
      // The minimum of the parabola through value, slope and new value, kept within a tenth and a half.
      const parabola = (-0.5 * slope * step * step) / (value - this.#value - slope * step);
      step = Number.isFinite(parabola) ? Math.min(0.5 * step, Math.max(0.1 * step, parabola)) : 0.1 * step;
    }
    return false;
  }

  #accept(value: number): void {
    const step = this.#nextX.slice();
    const turn = this.#nextG.slice();
    addScaled(step, -1, this.#x);
    addScaled(turn, -1, this.#g);
    const curvature = product(step, turn);
    if (curvature > 1e-10 * Math.sqrt(product(step, step) * product(turn, turn))) {
      if (this.#steps.length === MEMORY) {
        this.#steps.shift();
        this.#turns.shift();
        this.#products.shift();
      }
      this.#steps.push(step);
      this.#turns.push(turn);
      this.#products.push(curvature);
    }
    [this.#x, this.#nextX] = [this.#nextX, this.#x];
    [this.#g, this.#nextG] = [this.#nextG, this.#g];
    this.#value = value;
  }

  #forget(): void {
    this.#steps.length = 0;
    this.#turns.length = 0;
    this.#products.length = 0;
  }
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addScaled(a: Float64Array, factor: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i] = a[i]! + factor * b[i]!;
}

function scale(a: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] = a[i]! * factor;
}
