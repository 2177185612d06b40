import { expect, it } from 'vitest';
import { createRng } from '../study/rng.ts';
import { bestSoFar, bootstrapDifference, mean, median, normalisedRegret, standardError } from './index.ts';

it('is 0 at the optimum and 1 where few random trials come, and stays between', () => {
  const scale = { zero: 2, one: 6 };
  expect([1, 2, 3, 6, 9].map((best) => normalisedRegret(best, scale))).toEqual([0, 0, 0.25, 1, 1]);
  expect(normalisedRegret(Number.POSITIVE_INFINITY, scale)).toBe(1);
});

it('keeps the smallest value so far, and passes over what is not a number', () => {
  expect(bestSoFar([3, Number.NaN, 4, 1, 2])).toEqual([3, 3, 3, 1, 1]);
});

it('knows mean, median and standard error', () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(median([5, 1, 9])).toBe(5);
  expect(median([4, 1, 2, 9])).toBe(3);
  // Standard deviation of 2, 4, 4, 4, 5, 5, 7, 9 is sqrt(32/7).
  expect(standardError([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7 / 8), 12);
  expect(standardError([2])).toBe(0);
});

it('finds by the bootstrap what the normal theory says of a mean of pairs', () => {
  const rng = createRng(1, 0, 'test');
  const theirs = Array.from({ length: 40 }, () => rng.normal());
  const gaps = Array.from({ length: 40 }, () => 0.5 + 0.2 * rng.normal());
  const ours = theirs.map((value, i) => value + gaps[i]!);
  const { difference, low, high, paired } = bootstrapDifference(ours, theirs, 1);
  expect(paired).toBe(true);
  expect(difference).toBeCloseTo(mean(gaps), 12);
  const half = 1.96 * standardError(gaps);
  expect(low).toBeCloseTo(difference - half, 1);
  expect(high).toBeCloseTo(difference + half, 1);
  // The pairs share most of what varies: apart from each other the interval is several times wider.
  const apart = bootstrapDifference(ours, theirs.slice(1), 1);
  expect(apart.paired).toBe(false);
  expect(apart.high - apart.low).toBeGreaterThan(3 * (high - low));
});

it('covers a true difference of 0 in about 95 of 100 cases', () => {
  let covered = 0;
  for (let seed = 0; seed < 100; seed++) {
    const rng = createRng(seed, 0, 'test');
    const draw = () => Array.from({ length: 20 }, () => rng.normal());
    const { low, high } = bootstrapDifference(draw(), draw(), seed);
    if (low <= 0 && high >= 0) covered++;
  }
  expect(covered).toBeGreaterThanOrEqual(86);
  expect(covered).toBeLessThanOrEqual(100);
});
