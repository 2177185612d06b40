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

  /** The mean of the two middle ones where their number is even; NaN when empty. */
  median(): number {
    const half = this.#values.length >> 1;
    if (this.#values.length % 2 === 1) return this.#values[half]!;
    const [low, high] = [this.#values[half - 1] ?? Number.NaN, this.#values[half] ?? Number.NaN];
    return low === high ? low : (low + high) / 2;
  }
}
