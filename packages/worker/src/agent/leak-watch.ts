const MIB = 1024 * 1024;

/** Trials in a row that each end with more tensors than the one before: no cache grows so long. */
const GROWING_TRIALS = 20;
/** Bytes that a runner may grow by, beyond twice what it had after its first trial. */
const ROOM_BYTES = 1024 * MIB;

/** Says when a warm runner must be replaced, from what it has left after each trial. */
export class LeakWatch {
  #firstRss: number | null = null;
  #tensors = Number.POSITIVE_INFINITY;
  #growing = 0;

  /** @returns why the runner must go, or null. */
  leaks(tensors: number, rssBytes: number): string | null {
    this.#growing = tensors > this.#tensors ? this.#growing + 1 : 0;
    this.#tensors = tensors;
    this.#firstRss ??= rssBytes;
    if (this.#growing >= GROWING_TRIALS)
      return `${tensors} tensors left, more after each of ${GROWING_TRIALS} trials`;
    if (rssBytes > 2 * this.#firstRss + ROOM_BYTES) {
      return `${Math.round(rssBytes / MIB)} MiB resident, ${Math.round(this.#firstRss / MIB)} after its first trial`;
    }
    return null;
  }
}
