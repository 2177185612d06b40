import { checkFixed, withFixed } from '../space/fixed-parameters.ts';
import { drawParams, pointKey } from '../space/points.ts';
import type { Params, Space } from '../space/types.ts';
import { createRng } from './rng.ts';

/** Draws for a point that is not known; in a space with few points all of them may be. */
const TRIES = 20;

/** Puts the values that are fixed into what samplers suggest. Samplers know nothing of it, and learn as before. */
export class FixedValues {
  readonly #space: Space;
  readonly #fixed: Params;
  readonly #seed: number;
  readonly #known = new Set<string>();
  /** Trials below this number are in `#known`. */
  #seen = 0;
  readonly isEmpty: boolean;

  /** @throws SpaceError for values that can't be. */
  constructor(space: Space, fixed: Params, seed: number) {
    checkFixed(space, fixed);
    this.#space = space;
    this.#fixed = fixed;
    this.#seed = seed;
    this.isEmpty = Object.keys(fixed).length === 0;
  }

  into(params: Params, number: number): Params {
    if (this.isEmpty) return params;
    return withFixed(this.#space, params, this.#fixed, createRng(this.#seed, number, 'fixed'));
  }

  /** Into what was drawn around a point of the user's, which has the last word: none of them where they exclude it. */
  around(point: Params, whole: Params, number: number): Params {
    const others = Object.entries(this.#fixed).filter(([name]) => !Object.hasOwn(point, name));
    const rng = createRng(this.#seed, number, 'fixed');
    const params = withFixed(this.#space, whole, Object.fromEntries(others), rng);
    return Object.keys(point).every((name) => Object.hasOwn(params, name)) ? params : whole;
  }

  /** Suggestions that differ in a fixed parameter alone become one point: tried already, it gives way to a random one. */
  intoNew(params: Params, trials: ReadonlyArray<{ readonly params: Params }>): Params {
    if (this.isEmpty) return params;
    for (; this.#seen < trials.length; this.#seen++)
      this.#known.add(pointKey(this.#space, trials[this.#seen]!.params));
    const rng = createRng(this.#seed, trials.length, 'fixed');
    const first = withFixed(this.#space, params, this.#fixed, rng);
    let point = first;
    for (let tries = 0; this.#isKnown(point); tries++) {
      if (tries === TRIES) return first;
      point = withFixed(this.#space, drawParams(this.#space, rng), this.#fixed, rng);
    }
    return point;
  }

  #isKnown(point: Params): boolean {
    return this.#known.has(pointKey(this.#space, point));
  }
}
