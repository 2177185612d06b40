import type { Archive } from './archive.ts';
import type { Samples } from './mixture.ts';
import { joined, rankWeights, rowsOf } from './samples.ts';
import type { Transfer } from './transfer.ts';

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
export function divide(
  archive: Archive,
  width: number,
  sizes: DivisionSizes,
  transfer: Transfer | null,
): Division {
  const finished = archive.ranked.size;
  const count = Math.min(Math.ceil(sizes.gamma * finished), sizes.maxGood);
  const { good, rest } = archive.best(count);
  const bad = thinned([archive.running, rest, archive.failed], sizes.maxBad);
  const own = {
    good: { rows: rowsOf(good, archive.rows, width), weights: rankWeights(good.length) },
    bad: { rows: rowsOf(bad, archive.rows, width), weights: new Float64Array(bad.length).fill(1) },
  };
  if (transfer === null) return own;
  const earlier = transfer.samples(archive);
  return { good: joined([own.good, earlier.good]), bad: joined([own.bad, earlier.bad]) };
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
