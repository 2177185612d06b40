/** A training whose loss runs away: a matter of its parameters. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';

  constructor(where: { readonly epoch: number; readonly batch: number }, what: string, advice: string) {
    super(`The training diverged in epoch ${where.epoch}, batch ${where.batch}: ${what}. ${advice}`);
  }
}

/** Batches whose mean stands for the beginning, and about as many that an average looks back on. */
const BEGINNING = 5;
const MEMORY = 0.8;
/** A loss below this is as good as none: ten times nothing is no explosion. */
const LEAST = 0.1;

/** Watches the losses of batches. */
export class DivergenceWatch {
  readonly #factor: number;
  readonly #advice: string;
  #seen = 0;
  #beginning = 0;
  #average = 0;

  /**
   * @param factor how many times the loss at the beginning is too much
   * @param advice what to try, a sentence
   */
  constructor(factor: number, advice: string) {
    this.#factor = factor;
    this.#advice = advice;
  }

  /** @param batch from 1 @throws DivergedError */
  observe(loss: number, epoch: number, batch: number): void {
    if (!Number.isFinite(loss)) {
      throw new DivergedError({ epoch, batch }, `the loss is ${loss}`, this.#advice);
    }
    this.#seen += 1;
    if (this.#seen <= BEGINNING) {
      this.#beginning += (loss - this.#beginning) / this.#seen;
      this.#average = this.#beginning;
      return;
    }
    this.#average = MEMORY * this.#average + (1 - MEMORY) * loss;
    const limit = this.#factor * Math.max(LEAST, this.#beginning);
    if (this.#average <= limit) return;
    const what = `the loss is ${this.#average.toPrecision(3)}, and it began with ${this.#beginning.toPrecision(3)}`;
    throw new DivergedError({ epoch, batch }, what, this.#advice);
  }
}
