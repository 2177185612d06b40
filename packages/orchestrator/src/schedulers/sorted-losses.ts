/** Losses in ascending order. */
export class SortedLosses {
  readonly #values: number[] = [];

  get size(): number {
    return this.#values.length;
  }

  /** The rank-th best, from 0. */
  at(rank: number): number {
    return this.#values[rank]!;
  }

  add(loss: number): void {
    this.#values.splice(this.countBelow(loss), 0, loss);
  }

  /** `loss` must be there. */
  remove(loss: number): void {
    this.#values.splice(this.countBelow(loss), 1);
  }

  /** Number of losses that are better. */
  countBelow(loss: number): number {
    let from = 0;
    let to = this.#values.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#values[middle]! < loss) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /**
   * Interpolated between the two nearest ranks, as NumPy's `percentile` does by default; NaN when empty.
   * @param percent 0..100; 50 is the median.
   */
  percentile(percent: number): number {
    const rank = ((this.#values.length - 1) * percent) / 100;
    const low = this.#values[Math.floor(rank)] ?? Number.NaN;
    const high = this.#values[Math.ceil(rank)] ?? Number.NaN;
    // Between two infinite losses the difference is not a number.
    return low === high ? low : low + (high - low) * (rank - Math.floor(rank));
  }
}
