import type { Rng } from '../../study/rng.ts';
import type { Kernels } from './kernels.ts';
import type { Column } from './tree.ts';

/**
 * Kernels over levels: one table of log densities, by the level that was seen and the level that is asked about. Both
 * kinds of table (ordered and unordered) are in level-tables.ts.
 */
export class LevelKernels implements Kernels {
  readonly #column: Column;
  readonly #table: Float64Array;
  /** Where each kernel's row of the table begins; absent ones have a row of zeros, the last. */
  readonly #starts: Int32Array;

  /** @param codes of this column, one per observation; NaN where it is absent. */
  constructor(column: Column, codes: Float64Array, table: Float64Array) {
    const levels = column.levels;
    this.#column = column;
    this.#table = new Float64Array((levels + 1) * levels);
    this.#table.set(table);
    this.#starts = Int32Array.from(codes, (code) => (Number.isNaN(code) ? levels : code) * levels);
  }

  addLogs(code: number, into: Float64Array): void {
    const [table, starts] = [this.#table, this.#starts];
    for (let k = 0; k < starts.length; k++) into[k]! += table[starts[k]! + code]!;
  }

  has(kernel: number): boolean {
    return this.#starts[kernel]! < this.#column.levels ** 2;
  }

  sample(kernel: number, rng: Rng): number {
    const { levels, masses } = this.#column;
    const start = this.#starts[kernel]!;
    let u = rng.next();
    let last = 0;
    for (let level = 0; level < levels; level++) {
      if (masses[level] === 0) continue;
      u -= masses[level]! * Math.exp(this.#table[start + level]!);
      last = level;
      if (u < 0) break;
    }
    return last;
  }
}
