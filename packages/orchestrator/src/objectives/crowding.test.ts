import { expect, it } from 'vitest';
import { crowdingDistances } from './index.ts';

it('gives a point the gap between its neighbours as a share of the range, summed over the objectives', () => {
  const front = [
    [0, 10],
    [4, 1],
    [1, 6],
    [2, 5],
    [10, 0],
  ];
  const [first, fourth, second, third, last] = crowdingDistances(front);
  expect([first, last]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  expect(second).toBeCloseTo(2 / 10 + 5 / 10, 12);
  expect(third).toBeCloseTo(3 / 10 + 5 / 10, 12);
  expect(fourth).toBeCloseTo(8 / 10 + 5 / 10, 12);
});

it('has no opinion on an objective that is the same everywhere', () => {
  const flat = crowdingDistances([0, 1, 2, 4].map((x) => [x, 7, -x]));
  expect(flat[1]).toBeCloseTo(2 * (2 / 4), 12);
});

it('ranks a point beside an infinite loss as roomy, and never answers NaN', () => {
  const { POSITIVE_INFINITY: inf } = Number;
  const distances = crowdingDistances([
    [0, inf],
    [1, 5],
    [2, 4],
    [inf, inf],
    [inf, 3],
  ]);
  expect([...distances].some(Number.isNaN)).toBe(false);
  expect(distances[2]).toBe(inf);
});

it('does with one point and with none', () => {
  expect([...crowdingDistances([])]).toEqual([]);
  expect([...crowdingDistances([[1, 2]])]).toEqual([Number.POSITIVE_INFINITY]);
});
