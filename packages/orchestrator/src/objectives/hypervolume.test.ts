import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../study/rng.ts';
import { hypervolume, hypervolumeContributions, type Losses, referencePoint } from './index.ts';

/** Every box between neighbouring coordinates, counted where a point dominates it. */
function volumeByCells(points: readonly Losses[], reference: readonly number[]): number {
  const edges = reference.map((end, m) =>
    [...new Set([...points.map((point) => Math.min(end, point[m]!)), end])].sort((a, b) => a - b),
  );
  const count = (m: number, corner: readonly number[], size: number): number => {
    if (m === reference.length)
      return points.some((point) => corner.every((x, k) => point[k]! <= x)) ? size : 0;
    let volume = 0;
    for (let k = 0; k + 1 < edges[m]!.length; k++)
      volume += count(m + 1, [...corner, edges[m]![k]!], size * (edges[m]![k + 1]! - edges[m]![k]!));
    return volume;
  };
  return count(0, [], 1);
}

/** Half of them on a coarse grid (ties, duplicates), some beyond the reference, which is at 1. */
function randomPoints(rng: Rng, count: number, objectives: number): number[][] {
  return Array.from({ length: count }, () =>
    Array.from({ length: objectives }, () => (rng.int(2) === 0 ? rng.int(5) / 4 : 1.1 * rng.next())),
  );
}

const CASES = [
  [1, 12],
  [2, 14],
  [3, 12],
  [4, 8],
  [5, 6],
].flatMap(([objectives, count]) => [1, 2, 3, 4, 5].map((seed) => [objectives!, count!, seed] as const));

describe('hypervolume', () => {
  it.each(CASES)(
    'is the sum of the dominated cells: %i objectives, %i points (seed %i)',
    (m, count, seed) => {
      const points = randomPoints(createRng(seed, m, 'volume'), count, m);
      const reference = new Array<number>(m).fill(1);
      expect(hypervolume(points, reference)).toBeCloseTo(volumeByCells(points, reference), 12);
    },
  );

  it.each([2, 3, 4, 5, 6])('of the unit vectors in %i objectives is known in closed form', (m) => {
    const units = Array.from({ length: m }, (_, k) => Array.from({ length: m }, (_, j) => Number(j === k)));
    const corner = new Array<number>(m).fill(2);
    // Of the 2^m unit cells below (2, …, 2), e_k dominates those beyond 1 along k: all but the one at the origin.
    expect(hypervolume(units, corner)).toBe(2 ** m - 1);
  });

  it('of a staircase with n steps approaches the half of the square', () => {
    const n = 1000;
    const stairs = Array.from({ length: n + 1 }, (_, i) => [i / n, 1 - i / n]);
    expect(hypervolume(stairs, [1, 1])).toBeCloseTo(0.5 - 0.5 / n, 12);
  });

  it('of 400 points on a sphere in three objectives agrees with slices of two', () => {
    const rng = createRng(3, 0, 'sphere');
    const points = Array.from({ length: 400 }, () => {
      const direction = [0, 1, 2].map(() => Math.abs(rng.normal()));
      const length = Math.hypot(...direction);
      return direction.map((x) => 1 - x / length);
    });
    const heights = [...points.map((point) => point[2]!), 1].sort((a, b) => a - b);
    let slices = 0;
    for (let k = 0; k + 1 < heights.length; k++) {
      const below = points.filter((point) => point[2]! <= heights[k]!);
      slices +=
        (heights[k + 1]! - heights[k]!) *
        hypervolume(
          below.map(([x, y]) => [x!, y!]),
          [1, 1],
        );
    }
    expect(hypervolume(points, [1, 1, 1])).toBeCloseTo(slices, 10);
  });

  it('is nothing without points, and where none is better than the reference', () => {
    expect(hypervolume([], [1, 1])).toBe(0);
    expect(
      hypervolume(
        [
          [0, 1],
          [Number.POSITIVE_INFINITY, 0],
        ],
        [1, 1],
      ),
    ).toBe(0);
  });

  it('is infinite where a loss is -Infinity', () => {
    const points = [
      [0, 0, 0, Number.NEGATIVE_INFINITY],
      [0.5, 0, 0, 0],
      [0, 0.5, 0, 0],
    ];
    expect(hypervolume(points, [1, 1, 1, 1])).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('hypervolume contributions', () => {
  it.each(CASES)(
    'are what is lost without the point: %i objectives, %i points (seed %i)',
    (m, count, seed) => {
      const points = randomPoints(createRng(seed, m, 'contributions'), count, m);
      const reference = new Array<number>(m).fill(1);
      const all = volumeByCells(points, reference);
      const lost = points.map((_, i) => all - volumeByCells(points.toSpliced(i, 1), reference));
      for (const [i, contribution] of hypervolumeContributions(points, reference).entries())
        expect(contribution).toBeCloseTo(lost[i]!, 12);
    },
  );
});

describe('the reference point', () => {
  it('lies a tenth of the range beyond the worst finite losses', () => {
    expect(
      referencePoint([
        [0, 5],
        [10, 5],
        [Number.POSITIVE_INFINITY, 5],
      ]),
    ).toEqual([11, 5.5]);
    expect(
      referencePoint([
        [Number.POSITIVE_INFINITY, 0],
        [Number.POSITIVE_INFINITY, 0],
      ]),
    ).toEqual([0, 0.1]);
  });
});
