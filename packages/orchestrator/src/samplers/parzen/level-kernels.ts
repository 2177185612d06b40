import type { Rng } from '../../study/rng.ts';
import type { Arena } from './arena.ts';
import type { Kernels } from './kernels.ts';
import { levelTable } from './level-tables.ts';
import type { Column } from './tree.ts';

/** Kernels over levels, by one table of log densities (level-tables.ts). */
export class LevelKernels implements Kernels {
  readonly #column: Column;
  readonly #table: Float64Array;
  /** Where each kernel's row of the table begins; absent ones have the row of zeros, the last. */
  readonly #starts: Float64Array;
  /** By level: its log density in the mixture; NaN where it was not asked for. */
  readonly #mixture: Float64Array;

  /** @param codes of this column, one per observation; NaN where it is absent. */
  constructor(column: Column, codes: Float64Array, arena: Arena) {
    const { levels } = column;
    this.#column = column;
    this.#table = levelTable(column, codes, arena);
    this.#starts = arena.floats(codes.length);
    this.#mixture = arena.floats(levels).fill(Number.NaN);
    for (let k = 0; k < codes.length; k++)
      this.#starts[k] = (Number.isNaN(codes[k]!) ? levels : codes[k]!) * levels;
  }

  addLogs(code: number, into: Float64Array): void {
    const [table, starts] = [this.#table, this.#starts];
    for (let k = 0; k < starts.length; k++) into[k]! += table[starts[k]! + code]!;
  }

  addAlone(code: number, into: Float64Array, weights: Float64Array, priorWeight: number): number {
    this.addLogs(code, into);
    const [table, starts, known] = [this.#table, this.#starts, this.#mixture];
    if (!Number.isNaN(known[code]!)) return known[code]!;
    let sum = priorWeight;
    for (let k = 0; k < starts.length; k++) sum += weights[k]! * Math.exp(table[starts[k]! + code]!);
    known[code] = Math.log(sum);
    return known[code];
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
