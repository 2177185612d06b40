import { axisOf, type ChoiceAxis } from '../../space/axis.ts';
import { toUnit } from '../../space/unit.ts';
import { beliefWidth, logBelief } from '../belief.ts';
import type { Encoding } from './encoding.ts';
import type { Acquisition } from './search.ts';

/** Trials of the model after which a trusted belief counts as much as it says; half of that after twice as many. */
const TRIALS = 5;

interface Bell {
  readonly column: number;
  readonly middle: number;
  readonly width: number;
}

interface Levels {
  readonly column: number;
  /** Log belief by index of the choice. */
  readonly values: Float64Array;
}

/**
 * The users' beliefs, weighted by TRIALS / n after n trials of the model, so that they lead at first and data win in
 * the end (Hvarfner et al., "πBO: Augmenting Acquisition Functions with User Beliefs for Bayesian Optimization", ICLR
 * 2022, eq. 6, as a logarithm). Beliefs that the results speak against are not trusted.
 */
export class BeliefTerm implements Acquisition {
  readonly #encoding: Encoding;
  readonly #weight: number;
  readonly #bells: readonly Bell[];
  readonly #levels: readonly Levels[];
  readonly #activity: Uint8Array;

  /** @param trust 0..1, how far the results bear the beliefs out. */
  constructor(encoding: Encoding, trust: number, trials: number) {
    this.#encoding = encoding;
    this.#weight = (trust * TRIALS) / Math.max(1, trials);
    this.#activity = new Uint8Array(encoding.columns.length);
    const bells: Bell[] = [];
    const levels: Levels[] = [];
    for (const [column, { parameter, isChoice }] of encoding.columns.entries()) {
      const { prior, distribution } = parameter;
      if (prior === undefined) continue;
      if (!isChoice)
        bells.push({ column, middle: toUnit(distribution, prior), width: beliefWidth(parameter) });
      else {
        const { values } = axisOf(distribution) as ChoiceAxis;
        levels.push({ column, values: Float64Array.from(values, (value) => logBelief(parameter, value)) });
      }
    }
    this.#bells = bells;
    this.#levels = levels;
  }

  at(x: Float64Array): number {
    this.#encoding.activity(x, this.#activity);
    let sum = 0;
    for (const { column, middle, width } of this.#bells)
      if (this.#activity[column] === 1) sum -= 0.5 * ((x[column]! - middle) / width) ** 2;
    for (const { column, values } of this.#levels)
      if (this.#activity[column] === 1) sum += values[x[column]!]!;
    return this.#weight * sum;
  }

  withSlopes(x: Float64Array, slopes: Float64Array): number {
    slopes.fill(0);
    const value = this.at(x);
    for (const { column, middle, width } of this.#bells)
      if (this.#activity[column] === 1) slopes[column] = (-this.#weight * (x[column]! - middle)) / width ** 2;
    return value;
  }

  atAll(points: readonly Float64Array[]): Float64Array {
    return Float64Array.from(points, (x) => this.at(x));
  }

  bounds(points: readonly Float64Array[]): Float64Array {
    return this.atAll(points);
  }
}
