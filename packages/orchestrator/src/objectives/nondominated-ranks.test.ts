import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../study/rng.ts';
import {
  compareFeasibility,
  constrainedDominates,
  dominates,
  isFeasible,
  nondominatedRanks,
  paretoFront,
} from './index.ts';

/** Few distinct values, so that ties, duplicates and infinite losses are frequent. */
function randomLosses(rng: Rng, count: number, objectives: number): number[][] {
  const loss = () => [0, 1, 2, 3, 4, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][rng.int(7)]!;
  return Array.from({ length: count }, () => Array.from({ length: objectives }, loss));
}

const randomViolations = (rng: Rng, count: number): number[][] =>
  Array.from({ length: count }, () => [rng.int(3) - 1, rng.int(3) - 1]);

/** Front after front is peeled off, as the definition says. */
function ranksByPeeling(count: number, isBetter: (a: number, b: number) => boolean): number[] {
  const ranks = new Array<number>(count).fill(-1);
  let left = ranks.map((_, i) => i);
  for (let rank = 0; left.length > 0; rank++) {
    const front = left.filter((i) => !left.some((j) => isBetter(j, i)));
    for (const i of front) ranks[i] = rank;
    left = left.filter((i) => ranks[i] === -1);
  }
  return ranks;
}

const CASES = [1, 2, 3, 4, 5].flatMap((objectives) =>
  [1, 2, 3, 4, 5, 6].map((seed) => [objectives, seed] as const),
);

describe('nondominated ranks', () => {
  it.each(CASES)('are those of the definition, with %i objectives (seed %i)', (objectives, seed) => {
    const rng = createRng(seed, objectives, 'ranks');
    const losses = randomLosses(rng, rng.int(60), objectives);
    const expected = ranksByPeeling(losses.length, (a, b) => dominates(losses[a]!, losses[b]!));
    expect([...nondominatedRanks(losses)]).toEqual(expected);
    expect(paretoFront(losses)).toEqual(expected.flatMap((rank, i) => (rank === 0 ? [i] : [])));
  });

  it.each(CASES)('follow constrained dominance, with %i objectives (seed %i)', (objectives, seed) => {
    const rng = createRng(seed, objectives, 'constrained ranks');
    const losses = randomLosses(rng, 40, objectives);
    const violations = randomViolations(rng, 40);
    const outcome = (i: number) => ({ losses: losses[i]!, violations: violations[i]! });
    const expected = ranksByPeeling(40, (a, b) => constrainedDominates(outcome(a), outcome(b)));
    expect([...nondominatedRanks(losses, violations)]).toEqual(expected);
    expect(paretoFront(losses, violations)).toEqual(expected.flatMap((rank, i) => (rank === 0 ? [i] : [])));
  });

  it('make the least violation the front where nothing is feasible', () => {
    expect(paretoFront([[1], [2], [3]], [[2], [1], [1]])).toEqual([1, 2]);
  });
});

describe('the rule of feasibility', () => {
  it('counts a bound that is met exactly as kept, and what is not a number as infinitely far', () => {
    expect(isFeasible([])).toBe(true);
    expect(isFeasible([0, -5])).toBe(true);
    expect(isFeasible([0, 1e-12])).toBe(false);
    expect(isFeasible([Number.NaN])).toBe(false);
    expect(compareFeasibility([Number.NaN], [7])).toBe(1);
  });

  it('does not let slack in one constraint pay for another', () => {
    expect(compareFeasibility([3, -100], [2, 0.5])).toBe(1);
    expect(compareFeasibility([-1], [-2])).toBe(0);
  });
});
