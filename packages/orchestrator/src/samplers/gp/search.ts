import type { Region } from './candidates.ts';
import type { Encoding } from './encoding.ts';
import { minimise } from './lbfgs.ts';

/** What is maximised, at points of the model. */
export interface Acquisition {
  at(x: Float64Array): number;
  atAll(points: readonly Float64Array[]): Float64Array;
  /** Upper bounds of the values, for a fraction of the time. */
  bounds(points: readonly Float64Array[]): Float64Array;
  withSlopes(x: Float64Array, slopes: Float64Array): number;
}

export interface Candidate {
  /** A position for every column, active or not. */
  readonly full: Float64Array;
  readonly value: number;
}

export interface SearchEffort {
  readonly starts: number;
  readonly evaluations: number;
  readonly rounds: number;
}

/** Points of a pool whose value is computed exactly. */
const SHORTLIST = 160;
/** Starts closer than this in every column are one. */
const DISTINCT = 0.05;

/**
 * Maximises over the whole mixed space: the best of a pool as starts, from each a gradient search over all numbers
 * together and a sweep over single changes of discrete parameters, in turns.
 * @returns candidates, best first; at least one.
 */
export class Search {
  readonly #encoding: Encoding;
  readonly #acquisition: Acquisition;
  readonly #region: Region;
  readonly #settled: Float64Array;
  readonly #slopes: Float64Array;
  readonly #activity: Uint8Array;

  constructor(encoding: Encoding, acquisition: Acquisition, region: Region) {
    this.#encoding = encoding;
    this.#acquisition = acquisition;
    this.#region = region;
    const width = encoding.columns.length;
    this.#settled = new Float64Array(encoding.width);
    this.#slopes = new Float64Array(encoding.width);
    this.#activity = new Uint8Array(width);
  }

  run(pool: readonly Float64Array[], { starts, evaluations, rounds }: SearchEffort): Candidate[] {
    const ranked = this.#evaluateAll(this.#shortlist(pool)).sort(byValue);
    const improved = this.#distinct(ranked, starts).map((start) => this.#climb(start, evaluations, rounds));
    improved.sort(byValue);
    improved[0] = this.#climb(improved[0]!, 2 * evaluations, rounds);
    return [...improved, ...ranked].sort(byValue);
  }

  #evaluate(full: Float64Array): Candidate {
    return candidate(full, this.#acquisition.at(this.#encoding.settle(full, this.#settled)));
  }

  #settleAll(points: readonly Float64Array[]): Float64Array[] {
    return points.map((full) => this.#encoding.settle(full, new Float64Array(this.#encoding.width)));
  }

  #evaluateAll(points: readonly Float64Array[]): Candidate[] {
    const values = this.#acquisition.atAll(this.#settleAll(points));
    return points.map((full, i) => candidate(full, values[i]!));
  }

  /** The points of the pool that may be the best: the rest are not worth their exact value. */
  #shortlist(pool: readonly Float64Array[]): readonly Float64Array[] {
    const bounds = this.#acquisition.bounds(this.#settleAll(pool));
    const order = [...pool.keys()].sort((a, b) => bounds[b]! - bounds[a]! || a - b);
    return order.slice(0, SHORTLIST).map((index) => pool[index]!);
  }

  #distinct(ranked: readonly Candidate[], count: number): Candidate[] {
    const chosen: Candidate[] = [];
    for (const candidate of ranked) {
      if (chosen.length === count) break;
      if (chosen.every(({ full }) => isApart(full, candidate.full))) chosen.push(candidate);
    }
    return chosen;
  }

  #climb(start: Candidate, evaluations: number, rounds: number): Candidate {
    let best = start;
    for (let round = 0; round < rounds; round++) {
      const moved = this.#followGradient(best, evaluations);
      const flipped = this.#flip(moved.value > best.value ? moved : best);
      if (flipped.value <= best.value + 1e-9) return best;
      const isDone = flipped === moved;
      best = flipped;
      if (isDone) return best;
    }
    return best;
  }

  /** Over all active numbers that are not confined to few values. */
  #followGradient(from: Candidate, evaluations: number): Candidate {
    const { columns } = this.#encoding;
    this.#encoding.activity(from.full, this.#activity);
    const free: number[] = [];
    for (let c = 0; c < columns.length; c++)
      if (this.#activity[c] === 1 && columns[c]!.levels === null) free.push(c);
    if (free.length === 0) return from;
    const x = this.#encoding.settle(from.full, new Float64Array(this.#encoding.width));
    for (const c of free) x[c] = from.full[c]!;
    const negative = (values: Float64Array, gradient: Float64Array): number => {
      for (let k = 0; k < free.length; k++) x[free[k]!] = values[k]!;
      const value = this.#acquisition.withSlopes(x, this.#slopes);
      for (let k = 0; k < free.length; k++) gradient[k] = -this.#slopes[free[k]!]!;
      return -value;
    };
    const pick = (values: Float64Array): Float64Array => Float64Array.from(free, (c) => values[c]!);
    const found = minimise(negative, pick(from.full), {
      lower: pick(this.#region.lower),
      upper: pick(this.#region.upper),
      evaluations,
      gradientTolerance: 1e-4,
      valueTolerance: 1e-5,
    });
    const full = from.full.slice();
    for (let k = 0; k < free.length; k++) full[free[k]!] = found.x[k]!;
    return this.#evaluate(full);
  }

  /** The best change of one discrete parameter, as often as there is one that helps. */
  #flip(from: Candidate): Candidate {
    let best = from;
    for (let pass = 0; pass < this.#encoding.columns.length; pass++) {
      const before = best;
      for (const flipped of this.#evaluateAll([...this.#neighbours(before.full)]))
        if (flipped.value > best.value + 1e-9) best = flipped;
      if (best === before) break;
    }
    return best;
  }

  *#neighbours(full: Float64Array): Generator<Float64Array> {
    const { columns } = this.#encoding;
    const activity = this.#encoding.activity(full, new Uint8Array(columns.length));
    for (const [c, column] of columns.entries()) {
      if (activity[c] === 0) continue;
      for (const position of this.#encoding.neighbours(c, full[c]!)) {
        const { lower, upper } = this.#region;
        if (!column.isChoice && (position < lower[c]! || position > upper[c]!)) continue;
        const changed = full.slice();
        changed[c] = position;
        yield changed;
      }
    }
  }
}

function candidate(full: Float64Array, value: number): Candidate {
  return { full, value: Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value };
}

function isApart(a: Float64Array, b: Float64Array): boolean {
  for (let c = 0; c < a.length; c++) if (Math.abs(a[c]! - b[c]!) > DISTINCT) return true;
  return false;
}

function byValue(a: Candidate, b: Candidate): number {
  return b.value - a.value;
}
