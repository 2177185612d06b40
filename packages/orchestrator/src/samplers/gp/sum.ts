import type { Acquisition } from './search.ts';

/** Several logarithms added up. */
export class Sum implements Acquisition {
  readonly #terms: readonly Acquisition[];
  #slopes = new Float64Array(0);

  constructor(terms: readonly Acquisition[]) {
    this.#terms = terms;
  }

  at(x: Float64Array): number {
    return this.#terms.reduce((sum, term) => sum + term.at(x), 0);
  }

  withSlopes(x: Float64Array, slopes: Float64Array): number {
    if (this.#slopes.length !== slopes.length) this.#slopes = new Float64Array(slopes.length);
    slopes.fill(0);
    let sum = 0;
    for (const term of this.#terms) {
      sum += term.withSlopes(x, this.#slopes);
      for (let c = 0; c < slopes.length; c++) slopes[c] = slopes[c]! + this.#slopes[c]!;
    }
    return sum;
  }

  atAll(points: readonly Float64Array[]): Float64Array {
    return added(this.#terms.map((term) => term.atAll(points)));
  }

  bounds(points: readonly Float64Array[]): Float64Array {
    return added(this.#terms.map((term) => term.bounds(points)));
  }
}

function added([first, ...rest]: readonly Float64Array[]): Float64Array {
  const sum = first!.slice();
  for (const values of rest) for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + values[i]!;
  return sum;
}
