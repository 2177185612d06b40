/** That many trials in a row that a worker failed by its own fault: chance no longer explains it. */
export const MAX_FAULTS = 3;

interface Streak {
  readonly trials: Set<number>;
  /** How many good ends other workers had had when it began. */
  readonly goodBefore: number;
  last: string;
}

/**
 * Tells a worker that fails whatever it gets from trials that fail wherever they run: only different trials count, only
 * in a row, and only where other workers succeed meanwhile.
 */
export class WorkerHealth {
  readonly #streaks = new Map<string, Streak>();
  readonly #good = new Map<string, number>();
  #allGood = 0;

  /** A trial came to its own end on it. */
  good(worker: string): void {
    this.#streaks.delete(worker);
    this.#good.set(worker, (this.#good.get(worker) ?? 0) + 1);
    this.#allGood += 1;
  }

  /** A trial failed on it by no fault of the trainer's, as far as can be told. @returns why it is a poison worker, or null. */
  fault(worker: string, trial: number, reason: string): string | null {
    const streak = this.#streaks.get(worker) ?? {
      trials: new Set<number>(),
      goodBefore: this.#goodOfOthers(worker),
      last: reason,
    };
    this.#streaks.set(worker, streak);
    streak.trials.add(trial);
    streak.last = reason;
    const othersSucceed = this.#goodOfOthers(worker) > streak.goodBefore;
    if (streak.trials.size < MAX_FAULTS || !othersSucceed) return null;
    return `${streak.trials.size} trials in a row failed on it while others succeeded elsewhere: ${reason}`;
  }

  /** Past faults are forgiven. */
  reset(worker: string): void {
    this.#streaks.delete(worker);
  }

  #goodOfOthers(worker: string): number {
    return this.#allGood - (this.#good.get(worker) ?? 0);
  }
}
