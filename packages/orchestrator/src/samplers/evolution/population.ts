import type { ObservedTrial } from '../sampler.ts';
import { compareMerit, hasResult, type Merit, merits } from './merit.ts';

/**
 * The best `size` trials of a history: an elitist population that every result may enter at once (steady state).
 *
 * It follows from the history alone, whatever ended first. Trials are taken in blocks of `size` by their number; a block
 * whose trials have all ended is merged into the elite once and for all, and what has ended in the others is merged
 * afresh at every ask.
 */
export class Population {
  readonly size: number;
  #elite: ObservedTrial[] = [];
  /** Trials below this number are in the elite, or were not good enough for it. */
  #settled = 0;

  constructor(size: number) {
    this.size = size;
  }

  /** At most `size` trials with a result, best first; of equals the earlier first. */
  best(history: readonly ObservedTrial[]): Merit[] {
    while (this.#settled + this.size <= history.length) {
      const block = history.slice(this.#settled, this.#settled + this.size);
      if (block.some(({ state }) => state === 'running')) break;
      this.#elite = this.#select(block).map(({ trial }) => trial);
      this.#settled += this.size;
    }
    return this.#select(history.slice(this.#settled));
  }

  #select(newcomers: readonly ObservedTrial[]): Merit[] {
    const candidates = [...this.#elite, ...newcomers.filter(hasResult)];
    return merits(candidates)
      .sort((a, b) => compareMerit(a, b) || a.trial.number - b.trial.number)
      .slice(0, this.size);
  }
}
