import { crowdingDistances, nondominatedRanks, scaledViolations } from '../../objectives/index.ts';
import type { ObservedTrial } from '../sampler.ts';

/** How well a trial stands among others; `merits` says in which order they come. */
export interface Merit {
  readonly trial: ObservedTrial;
  /** 0 for the best front. */
  readonly rank: number;
  /** Room on its front, Infinity at its ends; of two on one front the roomier stands better. */
  readonly crowding: number;
}

/** Below 0 where `a` stands better (the crowded comparison of Deb et al. 2002, section III-B). */
export function compareMerit(a: Merit, b: Merit): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  // Not a difference: two infinite ones are equal.
  return a.crowding === b.crowding ? 0 : a.crowding > b.crowding ? -1 : 1;
}

/** Whether something can be learned from the trial: it ended with a result. */
export function hasResult({ state }: ObservedTrial): boolean {
  return state === 'complete' || state === 'pruned';
}

/**
 * The merits of trials that have a result, in the order given. Complete trials by constrained dominance; pruned ones
 * behind them, those that got further first and of equally long ones the better.
 * @param scales what the violations are measured in, one per constraint
 */
export function merits(trials: readonly ObservedTrial[], scales: ArrayLike<number>): Merit[] {
  const complete = trials.filter(({ state }) => state === 'complete');
  const ranks = nondominatedRanks(
    complete.map(({ losses }) => losses!),
    complete.map(({ violations }) => scaledViolations(violations ?? [], scales)),
  );
  const crowding = crowdingByFront(complete, ranks);
  const byTrial = new Map(
    complete.map((trial, i) => [trial, { trial, rank: ranks[i]!, crowding: crowding[i]! }]),
  );
  const fronts = ranks.reduce((most, rank) => Math.max(most, rank + 1), 0);
  for (const merit of pruned(trials, fronts)) byTrial.set(merit.trial, merit);
  return trials.map((trial) => byTrial.get(trial)!);
}

function crowdingByFront(trials: readonly ObservedTrial[], ranks: Int32Array): Float64Array {
  const fronts = new Map<number, number[]>();
  for (const [i, rank] of ranks.entries()) {
    const front = fronts.get(rank);
    if (front === undefined) fronts.set(rank, [i]);
    else front.push(i);
  }
  const crowding = new Float64Array(trials.length);
  // With one objective a front is a set of equals, none roomier than another.
  if (trials[0]?.losses?.length === 1) return crowding;
  for (const front of fronts.values()) {
    const distances = crowdingDistances(front.map((i) => trials[i]!.losses!));
    for (const [k, i] of front.entries()) crowding[i] = distances[k]!;
  }
  return crowding;
}

function pruned(trials: readonly ObservedTrial[], firstRank: number): Merit[] {
  const order = trials.filter(({ state }) => state === 'pruned').sort(comparePruned);
  let rank = firstRank - 1;
  return order.map((trial, k) => {
    if (k === 0 || comparePruned(order[k - 1]!, trial) !== 0) rank++;
    return { trial, rank, crowding: 0 };
  });
}

function comparePruned(a: ObservedTrial, b: ObservedTrial): number {
  if (a.step !== b.step) return b.step - a.step;
  const [x, y] = [a.loss ?? Number.POSITIVE_INFINITY, b.loss ?? Number.POSITIVE_INFINITY];
  return x === y ? 0 : x < y ? -1 : 1;
}
