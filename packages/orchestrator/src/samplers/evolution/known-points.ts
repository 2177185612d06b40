import { pointKey } from '../../space/points.ts';
import type { Params, Space } from '../../space/types.ts';
import type { ObservedTrial } from '../sampler.ts';

/**
 * Which points have been tried or are being tried, kept from ask to ask. Only hashes are kept, so that a long history takes
 * little room: once in 10^15 a new point passes for a known one, and another takes its place.
 */
export class KnownPoints {
  readonly #space: Space;
  readonly #keys = new Set<number>();
  #seen = 0;

  constructor(space: Space) {
    this.#space = space;
  }

  add(history: readonly ObservedTrial[]): void {
    for (; this.#seen < history.length; this.#seen++) this.#keys.add(this.#key(history[this.#seen]!.params));
  }

  has(params: Params): boolean {
    return this.#keys.has(this.#key(params));
  }

  #key(params: Params): number {
    return hash53(pointKey(this.#space, params));
  }

  /** The first of at most `tries` points that is new; the last one where none is. */
  firstNew(tries: number, make: (attempt: number) => Params): Params {
    for (let attempt = 0; ; attempt++) {
      const params = make(attempt);
      if (attempt + 1 >= tries || !this.has(params)) return params;
    }
  }
}

/** Two FNV-1a hashes of 32 and 21 bits with a final mix each. */
function hash53(text: string): number {
  let [high, low] = [0x811c9dc5, 0x9e3779b9];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x85ebca6b);
  }
  return (mixed(high) >>> 11) * 2 ** 32 + (mixed(low) >>> 0);
}

/** The finaliser of MurmurHash3. */
function mixed(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
