import { describe, expect, it } from 'vitest';
import { enumerateGrid } from '../../space/grid.ts';
import type { Params, Space } from '../../space/types.ts';
import { createRng } from '../../study/rng.ts';
import { atLeast, float, int, isIn, oneOf, ordinal, parameter } from '../../study/testing/spaces.ts';
import { conditionTrees } from './groups.ts';
import { Mixture } from './mixture.ts';
import { type Row, Tree } from './tree.ts';

/** Every kind of level, three condition trees, branches that nest. */
const finite: Space = [
  parameter('kind', {
    kind: 'categorical',
    choices: ['a', 'b', 'c'],
    probabilities: [0.5, 0.3, 0.2],
    ordered: false,
  }),
  parameter('depth', int(1, 3), isIn('kind', 'a', 'b')),
  parameter('width', ordinal(8, 16, 64), atLeast('depth', 2)),
  parameter('flag', oneOf(true, false)),
  parameter('rate', float(0, 0.4, { step: 0.1 })),
];

function mixtureOf(space: Space, points: readonly Params[], weights: readonly number[], priorWeight: number) {
  const tree = new Tree(space);
  const rows = new Float64Array(points.length * space.length);
  for (const [k, point] of points.entries()) tree.encode(point, rows, k * space.length);
  const samples = { rows, weights: Float64Array.from(weights) };
  return { tree, mixture: new Mixture(tree, conditionTrees(space), samples, priorWeight) };
}

/** Probability of the point under the distributions themselves. */
function priorOf(tree: Tree, row: Row): number {
  return tree.columns.reduce((p, { masses }, j) => (Number.isNaN(row[j]!) ? p : p * masses[row[j]!]!), 1);
}

const POINTS: readonly Params[] = [
  { kind: 'a', depth: 3, width: 16, flag: true, rate: 0.1 },
  { kind: 'a', depth: 1, flag: false, rate: 0.1 },
  { kind: 'c', flag: true, rate: 0.4 },
  { kind: 'b', depth: 2, width: 64, flag: true, rate: 0 },
];

describe('the mixture over the condition tree', () => {
  const { tree, mixture } = mixtureOf(finite, POINTS, [2, 1, 1, 0.5], 0.7);
  const rows = [...enumerateGrid(finite)].map((params) => {
    const row = new Float64Array(finite.length);
    tree.encode(params, row);
    return row;
  });

  it.each([0, 1])('is one proper distribution over all branches (share of the joint part: %i)', (share) => {
    const total = rows.reduce(
      (sum, row) => sum + priorOf(tree, row) * Math.exp(mixture.logDensity(row, share)),
      0,
    );
    expect(total).toBeCloseTo(1, 10);
  });

  it('draws from the distribution that it says it is, where no draw leaves the branch of its kernel', () => {
    const flat = finite.filter(({ when }) => when.length === 0);
    const points = POINTS.map(({ kind, flag, rate }) => ({ kind, flag, rate }) as Params);
    const { tree, mixture } = mixtureOf(flat, points, [2, 1, 1, 0.5], 0.7);
    const rng = createRng(1, 0, 'test');
    const counts = new Map<string, number>();
    const draws = 40_000;
    for (let i = 0; i < draws; i++) {
      const key = mixture.sample(rng, false).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    let chiSquare = 0;
    let cells = 0;
    for (const params of enumerateGrid(flat)) {
      const row = new Float64Array(flat.length);
      tree.encode(params, row);
      const expected = draws * priorOf(tree, row) * Math.exp(mixture.logDensity(row, 1));
      chiSquare += ((counts.get(row.join()) ?? 0) - expected) ** 2 / expected;
      cells++;
    }
    // Mean cells - 1, variance twice that: four standard deviations.
    expect(chiSquare).toBeLessThan(cells - 1 + 4 * Math.sqrt(2 * (cells - 1)));
  });

  it('draws only points of the tree', () => {
    const rng = createRng(2, 0, 'test');
    for (let i = 0; i < 500; i++) {
      const row = mixture.sample(rng, i % 2 === 0);
      for (let j = 0; j < row.length; j++) expect(Number.isNaN(row[j]!)).toBe(!tree.isActive(j, row));
    }
  });

  it('says nothing of a parameter that no observation has', () => {
    const space = [parameter('on', oneOf('yes', 'no')), parameter('x', float(0, 1), isIn('on', 'yes'))];
    const { mixture } = mixtureOf(space, [{ on: 'no' }, { on: 'no' }], [1, 1], 1);
    const at = (x: number): number => mixture.logDensity(Float64Array.of(0, x), 1);
    expect(at(0.1)).toBe(at(0.9));
  });

  it('has truncated normal kernels on a continuous range: their densities average to 1', () => {
    const space = [parameter('x', float(-2, 3)), parameter('y', float(1e-4, 1, { log: true }))];
    const points = [
      { x: -2, y: 0.01 },
      { x: 0.3, y: 0.9 },
      { x: 0.35, y: 1e-4 },
    ];
    const { mixture } = mixtureOf(space, points, [1, 1, 2], 0.5);
    const n = 200;
    let sum = 0;
    for (let a = 0; a < n; a++)
      for (let b = 0; b < n; b++)
        sum += Math.exp(mixture.logDensity(Float64Array.of((a + 0.5) / n, (b + 0.5) / n), 1));
    expect(sum / (n * n)).toBeCloseTo(1, 3);
  });

  it('is the distribution itself without observations', () => {
    const { mixture } = mixtureOf(finite, [], [], 1);
    for (const row of rows) expect(mixture.logDensity(row, 0.5)).toBeCloseTo(0, 12);
  });
});
