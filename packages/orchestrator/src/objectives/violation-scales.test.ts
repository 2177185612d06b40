import { describe, expect, it } from 'vitest';
import { scaledViolations, totalViolation, violationScales } from './index.ts';

const trials = (...violations: Array<number[] | null>) => violations.map((of) => ({ violations: of }));

describe('violationScales', () => {
  it('are the medians of what is positive and finite, constraint by constraint', () => {
    const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
    const found = violationScales(trials([3, -1], [1, 40], null, [2, 20], [inf, nan], [0, 60], [-5, 80]));
    expect([...found]).toEqual([2, 50]);
  });

  it('are 1 where nothing is violated, and for a single constraint', () => {
    expect([...violationScales(trials([-1, 0], [-2, 7]))]).toEqual([1, 7]);
    expect([...violationScales(trials([4], [6]))]).toEqual([1]);
    expect([...violationScales(trials([], []))]).toEqual([]);
    expect([...violationScales(trials(null))]).toEqual([]);
  });

  it('stay as they are once a thousand violations of each have been seen', () => {
    const early = Array.from({ length: 1_001 }, (_, k) => [1 + (k % 3), 10]);
    const late = Array.from({ length: 5_000 }, () => [99, 99]);
    expect([...violationScales(trials(...early, ...late))]).toEqual([2, 10]);
  });

  it('keep halves of the largest numbers finite', () => {
    const { MAX_VALUE: max } = Number;
    expect([...violationScales(trials([max, 1], [max, 1]))]).toEqual([max, 1]);
  });
});

it('what is scaled weighs alike in any unit, and is feasible where it was', () => {
  const points = [
    [0.02, 900],
    [0.3, 100],
    [-0.1, 400],
    [-0.5, -20],
  ];
  const totals = (factor: number) => {
    const inUnit = points.map(([a, b]) => [a! * factor, b!]);
    const scales = violationScales(trials(...inUnit));
    return inUnit.map((violations) => totalViolation(scaledViolations(violations, scales)));
  };
  expect(totals(1024)).toEqual(totals(1));
  expect(totals(1)[3]).toBe(0);
  // Medians 0.16 and 400: neither constraint decides alone.
  expect(
    totals(1)
      .slice(0, 3)
      .map((total) => total.toFixed(3)),
  ).toEqual(['2.375', '2.125', '1.000']);
});
