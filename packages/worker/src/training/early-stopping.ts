/** What has to be known to go on from a checkpoint. */
export interface ProgressState {
  readonly best: number | null;
  /** The epoch of it, from 1; 0 before the first. */
  readonly epoch: number;
  readonly waited: number;
}

export interface EarlyStoppingOptions {
  /** Epochs without progress that are borne. */
  readonly patience: number;
  /** Progress is more than this. */
  readonly minDelta: number;
  readonly isBetterWhenSmaller: boolean;
}

/** Watches one metric for progress. A NaN is none. */
export class EarlyStopping {
  readonly #options: EarlyStoppingOptions;
  #state: ProgressState;

  constructor(options: EarlyStoppingOptions, state: ProgressState | null = null) {
    this.#options = options;
    this.#state = state ?? { best: null, epoch: 0, waited: 0 };
  }

  get state(): ProgressState {
    return this.#state;
  }

  /** Whether the training should end. */
  get isOver(): boolean {
    return this.#state.waited > this.#options.patience;
  }

  /** After an epoch. @returns whether it is the best so far */
  observe(value: number, epoch: number): boolean {
    const { best, waited } = this.#state;
    const { minDelta, isBetterWhenSmaller } = this.#options;
    const gain = best === null ? Number.POSITIVE_INFINITY : isBetterWhenSmaller ? best - value : value - best;
    if (!Number.isNaN(value) && gain > minDelta) {
      this.#state = { best: value, epoch, waited: 0 };
      return true;
    }
    this.#state = { ...this.#state, waited: waited + 1 };
    return false;
  }
}
