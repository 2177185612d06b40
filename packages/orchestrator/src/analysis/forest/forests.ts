import type { Params, Space } from '../../space/types.ts';
import { Effects } from './effects.ts';
import { type Forest, fitForest } from './fit-forest.ts';
import { subspaceOf } from './subspace.ts';

/** A subspace with fewer trials than this gets an empty forest: what holds there is not known. */
const LEAST_TRIALS = 4;

export interface FittedForest {
  readonly forest: Forest;
  readonly effects: Effects;
  /** The share of all trials from which it was grown. */
  readonly share: number;
  /** The number of a feature by its parameter's name; -1 where the forest does not know it. */
  featureOf(name: string): number;
}

/**
 * One forest per part of a conditional space, grown when it is first asked for. Forests see the values moved and scaled
 * to -1..1: the squares of what is huge would overflow, and small differences far from 0 would be lost.
 */
export class Forests {
  /** A forest's values times `scale` plus `offset` are the values that were given. */
  readonly scale: number;
  readonly offset: number;
  readonly #space: Space;
  readonly #params: readonly Params[];
  readonly #values: Float64Array;
  readonly #seed: number;
  readonly #conditional: ReadonlySet<string>;
  readonly #byNames = new Map<string, FittedForest>();
  /** Several names may exist under the same conditions. */
  readonly #byKey = new Map<string, FittedForest>();

  /** @param values one finite number per entry of `params` */
  constructor(space: Space, params: readonly Params[], values: Float64Array, seed: number) {
    this.#space = space;
    this.#params = params;
    const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    this.offset = values.length === 0 ? 0 : 0.5 * low + 0.5 * high;
    this.scale = high > low ? 0.5 * high - 0.5 * low : 1;
    this.#values = values.map((value) => (value - this.offset) / this.scale);
    this.#seed = seed;
    this.#conditional = new Set(space.filter(({ when }) => when.length > 0).map(({ name }) => name));
  }

  /** The forest of the trials that have all these parameters; no names: of all trials. */
  where(names: readonly string[]): FittedForest {
    const conditional = names.filter((name) => this.#conditional.has(name));
    const label = JSON.stringify(conditional);
    let fitted = this.#byNames.get(label);
    if (fitted !== undefined) return fitted;
    const { key, rows } = subspaceOf(this.#space, this.#params, conditional);
    fitted = this.#byKey.get(key) ?? this.#fit(conditional, rows.length);
    this.#byKey.set(key, fitted);
    this.#byNames.set(label, fitted);
    return fitted;
  }

  #fit(names: readonly string[], trials: number): FittedForest {
    const params = trials < LEAST_TRIALS ? [] : this.#params;
    const forest = fitForest(this.#space, params, this.#values, names, this.#seed);
    return {
      forest,
      effects: new Effects(forest),
      share: this.#params.length === 0 ? 0 : trials / this.#params.length,
      featureOf: (name) => forest.features.findIndex(({ parameter }) => parameter.name === name),
    };
  }
}
