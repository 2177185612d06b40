import { violationScales } from '../../objectives/index.ts';
import type { ObservedTrial } from '../sampler.ts';
import { compareMerit, hasResult, type Merit, merits } from './merit.ts';
import { toldTheSame } from './told-the-same.ts';

/** The elite after so many blocks, and what of the last one may still change. */
interface Settled {
  readonly elite: readonly ObservedTrial[];
  readonly pruned: readonly ObservedTrial[];
}

/**
 * The best `size` trials of a history: an elitist population that every result may enter at once (steady state).
 *
 * It follows from the history alone, whatever ended first. Trials are taken in blocks of `size` by their number; the
 * elite of the blocks whose trials have all ended is kept, and what has ended in the others is merged afresh at every
 * ask. A trial that was pruned may be promoted and go on: then its block is merged again, and those after it.
 */
export class Population {
  readonly size: number;
  readonly #settled: Settled[] = [];

  constructor(size: number) {
    this.size = size;
  }

  /** At most `size` trials with a result, best first; of equals the earlier first. */
  best(history: readonly ObservedTrial[]): Merit[] {
    this.#forgetChanged(history);
    for (;;) {
      const from = this.#settled.length * this.size;
      const block = history.slice(from, from + this.size);
      if (block.length < this.size || block.some(({ state }) => state === 'running')) break;
      this.#settled.push({
        // Measured by what was known when the block ended, not by what is known now: the elite is not chosen again.
        elite: this.#select(block, violationScales(firstOf(history, from + this.size))).map(
          ({ trial }) => trial,
        ),
        pruned: block.filter(({ state }) => state === 'pruned'),
      });
    }
    return this.#select(history.slice(this.#settled.length * this.size), violationScales(history));
  }

  #forgetChanged(history: readonly ObservedTrial[]): void {
    const changed = this.#settled.findIndex(({ pruned }) =>
      pruned.some((trial) => !toldTheSame(trial, history[trial.number])),
    );
    if (changed >= 0) this.#settled.length = changed;
  }

  #select(newcomers: readonly ObservedTrial[], scales: Float64Array): Merit[] {
    const candidates = [...(this.#settled.at(-1)?.elite ?? []), ...newcomers.filter(hasResult)];
    return merits(candidates, scales)
      .sort((a, b) => compareMerit(a, b) || a.trial.number - b.trial.number)
      .slice(0, this.size);
  }
}

function* firstOf<T>(list: readonly T[], count: number): Iterable<T> {
  for (let i = 0; i < count; i++) yield list[i]!;
}
