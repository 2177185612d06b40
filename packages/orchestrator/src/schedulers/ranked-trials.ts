export interface RankedTrial {
  readonly number: number;
  readonly loss: number;
}

/** Trials in ascending order of loss, equal ones by number. */
export class RankedTrials {
  readonly #trials: RankedTrial[] = [];

  get size(): number {
    return this.#trials.length;
  }

  first(): RankedTrial | undefined {
    return this.#trials[0];
  }

  add(trial: RankedTrial): void {
    this.#trials.splice(this.countBefore(trial), 0, trial);
  }

  /** Leaves all as it is where the trial is not there. */
  remove(trial: RankedTrial): void {
    const at = this.countBefore(trial);
    if (this.#trials[at]?.number === trial.number) this.#trials.splice(at, 1);
  }

  /** How many stand before it, whether it is there or not. */
  countBefore({ loss, number }: RankedTrial): number {
    let from = 0;
    let to = this.#trials.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const other = this.#trials[middle]!;
      if (other.loss < loss || (other.loss === loss && other.number < number)) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
