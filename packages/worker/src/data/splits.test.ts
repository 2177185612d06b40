import { expect, it } from 'vitest';
import { groupSplit, randomSplit, type Split, stratifiedSplit, timeSplit } from './splits.ts';

const request = { validation: 0.25, seed: 3 };
const sorted = (rows: readonly number[]): number[] => [...rows].sort((a, b) => a - b);

function expectWhole(split: Split, count: number): void {
  expect(sorted([...split.training, ...split.validation])).toEqual(
    Array.from({ length: count }, (_, i) => i),
  );
}

it('draws a share of the rows, the same for one seed and others for another', () => {
  const split = randomSplit(100, request);
  expectWhole(split, 100);
  expect(split.validation).toHaveLength(25);
  expect(randomSplit(100, request)).toEqual(split);
  expect(randomSplit(100, { ...request, seed: 4 }).validation).not.toEqual(split.validation);
  expectWhole(randomSplit(2, { validation: 0.01, seed: 0 }), 2);
});

it('keeps the share of each class, the rarest one included', () => {
  const labels = Array.from({ length: 200 }, (_, i) => (i % 50 === 0 ? 'rare' : i % 2 ? 'a' : 'b'));
  const split = stratifiedSplit(labels, request);
  expectWhole(split, 200);
  const count = (label: string): number => split.validation.filter((row) => labels[row] === label).length;
  expect([count('a'), count('b'), count('rare')]).toEqual([25, 24, 1]);
  expect(() => stratifiedSplit(['a', 'a', 'b'], request)).toThrow(/of "b" there is one/);
});

it('leaves no group on both sides', () => {
  const groups = Array.from({ length: 90 }, (_, i) => `shop ${(i * 7) % 13}`);
  const split = groupSplit(groups, request);
  expectWhole(split, 90);
  const training = new Set(split.training.map((row) => groups[row]));
  expect(split.validation.filter((row) => training.has(groups[row]!))).toEqual([]);
  expect(split.validation.length).toBeGreaterThanOrEqual(22);
  expect(split.validation.length).toBeLessThan(22 + 8);
  expect(() => groupSplit(['x', 'x'], request)).toThrow(/there is one/);
});

it('validates with what is later than everything that trains', () => {
  const times = Array.from({ length: 40 }, (_, i) => (i * 17) % 40);
  const split = timeSplit(times, request);
  expectWhole(split, 40);
  expect(split.validation).toHaveLength(10);
  expect(Math.max(...split.training.map((row) => times[row]!))).toBeLessThan(
    Math.min(...split.validation.map((row) => times[row]!)),
  );
  // A moment is not cut in two, and one moment alone can't be split.
  expect(timeSplit([1, 1, 2, 2, 2, 2, 3, 3], request).validation).toEqual([6, 7]);
  expect(timeSplit([1, 2, 2, 3, 3, 3, 3, 4], { ...request, validation: 0.5 }).validation).toEqual([7]);
  expect(() => timeSplit([1, 5, 5, 5], request)).toThrow(/the last 2 rows are all of 5/);
});
