import type { Archive } from './archive.ts';
import type { Samples } from './mixture.ts';

/** What a model learns from: the good trials and the rest. */
export interface Division {
  readonly good: Samples;
  readonly bad: Samples;
}

export interface DivisionSizes {
  /** Share of the finished trials that is good, and the largest number of them. */
  readonly gamma: number;
  readonly maxGood: number;
  /** Largest number of kernels in the bad density. */
  readonly maxBad: number;
}

/**
 * The best of the finished trials against the others. Running trials are bad, so that trials asked for meanwhile keep
 * away from them; failed ones are bad, because where a trainer fails it will fail again. Stopped ones, which a person
 * ended, say nothing.
 *
 * A good trial weighs by its rank, as the parents of a CMA-ES generation do: log((m + 1) / rank), rank 1 the best of m.
 */
export function divide(archive: Archive, width: number, sizes: DivisionSizes): Division {
  const order = archive.ranked.order;
  const count = Math.min(Math.ceil(sizes.gamma * order.length), sizes.maxGood);
  const good = order.subarray(0, count);
  const bad = thinned([archive.running, order.subarray(count), archive.failed], sizes.maxBad);
  return {
    good: { rows: rowsOf(good, archive.rows, width), weights: rankWeights(count) },
    bad: { rows: rowsOf(bad, archive.rows, width), weights: new Float64Array(bad.length).fill(1) },
  };
}

/** Mean 1. */
export function rankWeights(count: number): Float64Array {
  const weights = Float64Array.from({ length: count }, (_, r) => Math.log((count + 1) / (r + 1)));
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / count;
  return weights.map((weight) => weight / mean);
}

/** At most `limit` of all, each list evenly thinned to its share. */
function thinned(lists: ReadonlyArray<ArrayLike<number>>, limit: number): number[] {
  const total = lists.reduce((sum, list) => sum + list.length, 0);
  const kept: number[] = [];
  for (const list of lists) {
    const size = total <= limit ? list.length : Math.round((limit * list.length) / total);
    for (let i = 0; i < size; i++) kept.push(list[Math.floor(((i + 0.5) * list.length) / size)]!);
  }
  return kept;
}

export function rowsOf(numbers: ArrayLike<number>, rows: Float64Array, width: number): Float64Array {
  const chosen = new Float64Array(numbers.length * width);
  for (let k = 0; k < numbers.length; k++) {
    const start = numbers[k]! * width;
    chosen.set(rows.subarray(start, start + width), k * width);
  }
  return chosen;
}
