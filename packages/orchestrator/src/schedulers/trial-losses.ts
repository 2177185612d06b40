/** The reports of one trial, with its best and its last loss. */
export class TrialLosses {
  readonly #bySteps = new Map<number, number>();
  #best = Number.POSITIVE_INFINITY;
  #lastStep = 0;

  get best(): number {
    return this.#best;
  }

  /** Infinity without reports. */
  get last(): number {
    return this.#bySteps.get(this.#lastStep) ?? Number.POSITIVE_INFINITY;
  }

  set(step: number, loss: number): void {
    const replaced = this.#bySteps.get(step);
    this.#bySteps.set(step, loss);
    this.#lastStep = Math.max(this.#lastStep, step);
    // Only where the best itself was corrected upwards must it be looked for again.
    if (loss <= this.#best) this.#best = loss;
    else if (replaced === this.#best)
      this.#best = [...this.#bySteps.values()].reduce((a, b) => Math.min(a, b));
  }

  /** The last step before this one that was reported, -1 where there is none. */
  stepBefore(step: number): number {
    let before = -1;
    for (const reported of this.#bySteps.keys()) if (reported < step && reported > before) before = reported;
    return before;
  }

  get(step: number): number | undefined {
    return this.#bySteps.get(step);
  }

  get size(): number {
    return this.#bySteps.size;
  }

  entries(): IterableIterator<[step: number, loss: number]> {
    return this.#bySteps.entries();
  }
}

/** The open trials' losses by number. */
export class OpenLosses {
  readonly #trials = new Map<number, TrialLosses>();

  record(number: number, step: number, loss: number): TrialLosses {
    let trial = this.#trials.get(number);
    if (trial === undefined) {
      trial = new TrialLosses();
      this.#trials.set(number, trial);
    }
    trial.set(step, loss);
    return trial;
  }

  /** Forgets the trial. */
  close(number: number): TrialLosses | undefined {
    const trial = this.#trials.get(number);
    this.#trials.delete(number);
    return trial;
  }
}
