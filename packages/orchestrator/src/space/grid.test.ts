import { describe, expect, it } from 'vitest';
import { atLeast, float, int, isIn, oneOf, ordinal, parameter } from '../study/testing/spaces.ts';
import { enumerateGrid, gridLevels, gridMembership } from './grid.ts';
import { countGrid } from './grid-count.ts';
import type { Distribution, Parameter, Params, ParamValue, Space } from './types.ts';

/** Written apart from the enumeration: the whole product of values and "absent", then all that is not consistent removed. */
function bruteForce(values: ReadonlyArray<[Parameter, ParamValue[]]>): Params[] {
  let points: Params[] = [{}];
  for (const [{ name }, list] of values) {
    points = points.flatMap((point) => [...list.map((value) => ({ ...point, [name]: value })), point]);
  }
  return points.filter((point) =>
    values.every(([{ name, when }]) => {
      const wanted = when.every((clause) => {
        if (!(clause.parameter in point)) return false;
        const value = point[clause.parameter]!;
        return clause.kind === 'in' ? clause.values.includes(value) : (value as number) >= clause.ge!;
      });
      return wanted === name in point;
    }),
  );
}

const sorted = (points: Params[]): string[] => points.map((point) => JSON.stringify(point)).sort();

const nested: ReadonlyArray<[Parameter, ParamValue[]]> = [
  [parameter('optimizer', oneOf('adam', 'sgd', 'rmsprop')), ['adam', 'sgd', 'rmsprop']],
  [parameter('momentum', float(0.5, 0.9, { step: 0.2 }), isIn('optimizer', 'sgd', 'rmsprop')), [0.6, 0.8]],
  [
    parameter('nesterov', oneOf(true, false), isIn('optimizer', 'sgd'), atLeast('momentum', 0.7)),
    [true, false],
  ],
  [parameter('layers', int(1, 3)), [1, 2, 3]],
  [parameter('units2', ordinal(8, 16), atLeast('layers', 2)), [8, 16]],
  [parameter('units3', ordinal(8, 16), atLeast('layers', 3), isIn('units2', 16)), [8, 16]],
  [parameter('seed', { kind: 'constant', value: 1 }), [1]],
];
const nestedSpace = nested.map(([p]) => p);

describe('a grid', () => {
  it('holds every consistent point of a nested conditional space exactly once', () => {
    const points = [...enumerateGrid(nestedSpace)];
    expect(sorted(points)).toEqual(sorted(bruteForce(nested)));
    expect(new Set(sorted(points)).size).toBe(points.length);
    expect(countGrid(nestedSpace)).toBe(points.length);
  });

  it('changes the first parameter slowest and keeps the order of the values', () => {
    const space = [parameter('a', oneOf('y', 'x')), parameter('b', int(1, 2))];
    expect([...enumerateGrid(space)]).toEqual([
      { a: 'y', b: 1 },
      { a: 'y', b: 2 },
      { a: 'x', b: 1 },
      { a: 'x', b: 2 },
    ]);
  });

  it('counts as it enumerates when one child has two parents and one parent has two children', () => {
    const space = [
      parameter('a', int(0, 4)),
      parameter('b', oneOf('p', 'q')),
      parameter('c', int(1, 3), atLeast('a', 2), isIn('b', 'q')),
      parameter('d', int(1, 2), isIn('a', 0, 4)),
      parameter('e', int(1, 4), atLeast('c', 3), isIn('d', 1)),
    ];
    expect(countGrid(space)).toBe([...enumerateGrid(space)].length);
  });

  it('of 10^9 and more points is counted and begun without being made', () => {
    const wide: Space = Array.from({ length: 40 }, (_, i) => parameter(`p${i}`, int(1, 10)));
    expect(countGrid(wide)).toBeCloseTo(1e40, -27);
    const deep = [
      parameter('n', int(1, 1_000_000_000_000)),
      parameter('m', int(1, 10), atLeast('n', 999_999_999_999)),
    ];
    expect(countGrid(deep)).toBe(999_999_999_998 + 2 * 10);
    expect(enumerateGrid(deep).next().value).toEqual({ n: 1 });
  });

  it('counts forty independent pairs of parent and child at once', () => {
    const parents = Array.from({ length: 40 }, (_, i) => parameter(`p${i}`, oneOf('on', 'off')));
    const children = Array.from({ length: 40 }, (_, i) => parameter(`c${i}`, int(1, 2), isIn(`p${i}`, 'on')));
    expect(countGrid([...parents, ...children])).toBe(3 ** 40);
  });

  it('yields only the points that agree with fixed values, on the grid or not', () => {
    const points = [...enumerateGrid(nestedSpace, { momentum: 0.77 })];
    expect(points.length).toBeGreaterThan(0);
    expect(points.every(({ momentum }) => momentum === 0.77)).toBe(true);
    expect([...enumerateGrid(nestedSpace, { optimizer: 'adam', momentum: 0.6 })]).toEqual([]);
  });

  it('knows its own points', () => {
    const isOnGrid = gridMembership(nestedSpace);
    expect([...enumerateGrid(nestedSpace)].every(isOnGrid)).toBe(true);
    expect(isOnGrid({ optimizer: 'sgd', momentum: 0.77 })).toBe(false);
    expect(isOnGrid({ layers: 4 })).toBe(false);
  });
});

describe('grid values', () => {
  const values = (distribution: Distribution, count?: number): ParamValue[] => {
    const levels = gridLevels({ name: 'x', distribution, when: [], count });
    return Array.from({ length: levels.count }, (_, i) => levels.at(i));
  };

  it('are the multiples of q inside the bounds', () => {
    expect(values(float(0.05, 0.4, { step: 0.1 }))).toEqual([0.1, 0.2, 0.3, 0.4]);
    expect(values(int(10, 60, { step: 16 }))).toEqual([16, 32, 48]);
  });

  it('are `count` points from bound to bound, in the logarithm where that is the scale', () => {
    expect(values(float(0, 1), 5)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    const log = values(float(1e-4, 0.1, { log: true }), 4) as number[];
    expect(log[0]).toBe(1e-4);
    expect(log[3]).toBe(0.1);
    expect(log[1]).toBeCloseTo(1e-3, 12);
    expect(values(int(1, 100), 4)).toEqual([1, 34, 67, 100]);
    expect(values(int(1, 3), 9)).toEqual([1, 2, 3]);
  });

  it('are the quantiles of a normal distribution', () => {
    const [low, middle, high] = values(
      { kind: 'normal', mu: 10, sigma: 2, log: false, int: false },
      3,
    ) as number[];
    expect(middle).toBe(10);
    expect(high! - 10).toBeCloseTo(10 - low!, 12);
    expect(low).toBeCloseTo(10 - 2 * 0.967421566, 6);
  });

  it('are refused, by name, where there is no end of them', () => {
    expect(() => values(float(0, 1))).toThrow(/`x`, a number between 0 and 1.*`count: 5`.*`q: 0.1`/);
    expect(() => values({ kind: 'normal', mu: 0, sigma: 1, log: false, int: false, step: 1 })).toThrow(
      /`x`.*no bounds/,
    );
  });
});
