import { drawParams, pointKey } from '../../space/points.ts';
import type { Params, Space } from '../../space/types.ts';
import type { Rng } from '../../study/rng.ts';
import type { ObservedTrial } from '../sampler.ts';
import type { Encoding } from './encoding.ts';
import type { Candidate } from './search.ts';

/** Draws before a point that was tried already is suggested again. */
const MAX_DRAWS = 50;

/** Which points are no trial yet. */
export class Novelty {
  readonly #space: Space;
  readonly #encoding: Encoding;
  readonly #tried: ReadonlySet<string>;

  constructor(space: Space, encoding: Encoding, history: readonly ObservedTrial[]) {
    this.#space = space;
    this.#encoding = encoding;
    this.#tried = new Set(history.map(({ params }) => pointKey(space, params)));
  }

  /**
   * Where all parameters have finitely many values: each new point of the pool once. Copies and trials would crowd out
   * the last points that are left.
   */
  distinct(pool: readonly Float64Array[]): readonly Float64Array[] {
    if (this.#encoding.columns.some(({ levels, isRounded }) => levels === null && !isRounded)) return pool;
    const seen = new Set(this.#tried);
    const fresh = pool.filter((full) => {
      const key = this.#key(full);
      return !seen.has(key) && seen.add(key);
    });
    return fresh.length > 0 ? fresh : pool;
  }

  /** The first candidate that is no trial yet. */
  first(candidates: readonly Candidate[], rng: Rng): Params {
    for (const { full } of candidates)
      if (!this.#tried.has(this.#key(full))) return this.#encoding.decode(full);
    for (let i = 0; i < MAX_DRAWS; i++) {
      const params = drawParams(this.#space, rng);
      if (!this.#tried.has(pointKey(this.#space, params))) return params;
    }
    return this.#encoding.decode(candidates[0]!.full);
  }

  #key(full: Float64Array): string {
    return pointKey(this.#space, this.#encoding.decode(full));
  }
}
