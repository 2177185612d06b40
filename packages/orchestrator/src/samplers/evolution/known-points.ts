import { pointKey } from '../../space/points.ts';
import type { Params, Space } from '../../space/types.ts';
import type { ObservedTrial } from '../sampler.ts';

/** Which points have been tried or are being tried, kept from ask to ask. */
export class KnownPoints {
  readonly #space: Space;
  readonly #keys = new Set<string>();
  #seen = 0;

  constructor(space: Space) {
    this.#space = space;
  }

  add(history: readonly ObservedTrial[]): void {
    for (; this.#seen < history.length; this.#seen++)
      this.#keys.add(pointKey(this.#space, history[this.#seen]!.params));
  }

  has(params: Params): boolean {
    return this.#keys.has(pointKey(this.#space, params));
  }

  /** The first of at most `tries` points that is new; the last one where none is. */
  firstNew(tries: number, make: (attempt: number) => Params): Params {
    for (let attempt = 0; ; attempt++) {
      const params = make(attempt);
      if (attempt + 1 >= tries || !this.has(params)) return params;
    }
  }
}
