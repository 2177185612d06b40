const FIRST_SIZE = 4096;

/**
 * Scratch arrays that live for one ask, cut from one block that is used again: hundreds of small typed arrays per ask,
 * each with memory of its own, would keep the garbage collector busier than the arithmetic keeps the processor.
 */
export class Arena {
  #block = new Float64Array(FIRST_SIZE);
  #used = 0;

  /** All arrays that were cut are up for use again. */
  reset(): void {
    this.#used = 0;
  }

  /** Zeros. */
  floats(length: number): Float64Array {
    if (this.#used + length > this.#block.length) {
      // What was cut from the old block keeps it alive for as long as it needs.
      this.#block = new Float64Array(2 * (this.#block.length + length));
      this.#used = 0;
    }
    const cut = this.#block.subarray(this.#used, this.#used + length);
    this.#used += length;
    return cut.fill(0);
  }
}
