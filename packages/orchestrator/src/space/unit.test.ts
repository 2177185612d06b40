import { describe, expect, it } from 'vitest';
import { createRng } from '../study/rng.ts';
import { float, int, oneOf, ordinal } from '../study/testing/spaces.ts';
import { contains } from './axis.ts';
import type { Distribution, ParamValue } from './types.ts';
import { draw, fromUnit, quantile, toUnit } from './unit.ts';

const normal = (rest: Partial<Extract<Distribution, { kind: 'normal' }>>): Distribution => ({
  kind: 'normal',
  mu: 0,
  sigma: 1,
  log: false,
  int: false,
  ...rest,
});

const DISTRIBUTIONS: Record<string, Distribution> = {
  constant: { kind: 'constant', value: 'adam' },
  categorical: oneOf('a', 1, true, null),
  'with probabilities': {
    kind: 'categorical',
    choices: ['a', 'b', 'c'],
    probabilities: [0.7, 0, 0.3],
    ordered: false,
  },
  ordinal: ordinal(1, 2, 100),
  'geometric ordinal': ordinal(16, 32, 64, 128),
  'ordinal with probabilities': {
    kind: 'categorical',
    choices: [1, 2, 4],
    probabilities: [0.5, 0.25, 0.25],
    ordered: true,
  },
  uniform: float(-3, 7.5),
  'a single number': float(2.5, 2.5),
  'log uniform': float(1e-5, 0.1, { log: true }),
  'q uniform': float(0.05, 0.95, { step: 0.1 }),
  'q log uniform': float(0.001, 1, { log: true, step: 0.005 }),
  int: int(-4, 9),
  'log int': int(1, 1000, { log: true }),
  'int in steps': int(10, 100, { step: 16 }),
  'huge int': int(0, 1e12),
  normal: normal({ mu: 3, sigma: 2 }),
  'log normal': normal({ mu: -2, sigma: 1.5, log: true }),
  'q normal': normal({ sigma: 5, step: 0.5 }),
  'q log normal': normal({ log: true, step: 0.25 }),
  'whole normal': normal({ sigma: 10, int: true }),
};

describe.each(Object.entries(DISTRIBUTIONS))('%s', (name, distribution) => {
  const rng = createRng(7, 0, name);
  const draws = Array.from({ length: 1_000 }, () => draw(distribution, rng));

  it('yields only values that it contains', () => {
    expect(draws.filter((value) => !contains(distribution, value))).toEqual([]);
    for (const u of [0, 2 ** -60, 1 - 2 ** -53, 1])
      expect(contains(distribution, quantile(distribution, u))).toBe(true);
  });

  it('returns to a value from its place in the unit interval', () => {
    for (const value of draws.slice(0, 300)) {
      const u = toUnit(distribution, value);
      expect(u).toBeGreaterThanOrEqual(0);
      expect(u).toBeLessThanOrEqual(1);
      const back = fromUnit(distribution, u);
      if (typeof value === 'number')
        expect(Math.abs((back as number) - value)).toBeLessThanOrEqual(1e-9 * Math.abs(value));
      else expect(back).toBe(value);
    }
  });
});

function shares(distribution: Distribution, values: readonly ParamValue[], draws = 20_000): number[] {
  const rng = createRng(11, 0, 'shares');
  const counts = new Map<ParamValue, number>();
  for (let i = 0; i < draws; i++) {
    const value = draw(distribution, rng);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return values.map((value) => (counts.get(value) ?? 0) / draws);
}

describe('draws', () => {
  it('follow the probabilities that are given', () => {
    const [a, b, c] = shares(DISTRIBUTIONS['with probabilities']!, ['a', 'b', 'c']);
    expect(a).toBeCloseTo(0.7, 1);
    expect(b).toBe(0);
    expect(c).toBeCloseTo(0.3, 1);
  });

  it('take all values of a list alike, whatever their distance', () => {
    for (const share of shares(ordinal(1, 2, 100), [1, 2, 100]))
      expect(Math.abs(share - 1 / 3)).toBeLessThan(0.02);
  });

  it('take the outermost multiples as often as the others', () => {
    const multiples = [0.1, 0.2, 0.3, 0.4, 0.5];
    for (const share of shares(float(0.03, 0.55, { step: 0.1 }), multiples))
      expect(Math.abs(share - 0.2)).toBeLessThan(0.02);
  });

  it('of a logarithmic range lie evenly in the logarithm', () => {
    const rng = createRng(3, 0, 'log');
    const below = Array.from({ length: 10_000 }, () => draw(float(1e-4, 1, { log: true }), rng) as number);
    expect(below.filter((value) => value < 1e-2).length / 10_000).toBeCloseTo(0.5, 1);
  });

  it('begin at the first multiple inside the bounds and are spelled without rounding dust', () => {
    expect(quantile(float(0.25, 0.75, { step: 0.1 }), 0)).toBe(0.3);
    expect(quantile(float(0.25, 0.75, { step: 0.1 }), 1)).toBe(0.7);
    expect(quantile(float(0.1, 0.7, { step: 0.1 }), 1)).toBe(0.7);
  });
});

describe('toUnit', () => {
  it('places ordinals by their distance', () => {
    const [one, two, hundred] = [1, 2, 100].map((value) => toUnit(ordinal(1, 2, 100), value));
    expect(two! - one!).toBeLessThan((hundred! - two!) / 5);
    const steps = [16, 32, 64, 128].map((value) => toUnit(ordinal(16, 32, 64, 128), value));
    expect(steps[1]! - steps[0]!).toBeCloseTo(steps[3]! - steps[2]!, 10);
  });
});

describe('contains', () => {
  it.each<[string, ParamValue]>([
    ['uniform', 8],
    ['uniform', '3'],
    ['uniform', Number.NaN],
    ['q uniform', 0.15],
    ['int', 2.5],
    ['int', 10],
    ['int in steps', 10],
    ['log normal', 0],
    ['q normal', 0.3],
    ['normal', Number.POSITIVE_INFINITY],
    ['categorical', 'b'],
    ['constant', 'sgd'],
  ])('of %s refuses %j', (name, value) => {
    expect(contains(DISTRIBUTIONS[name]!, value)).toBe(false);
  });

  it('knows the values at bounds that binary fractions have moved past them', () => {
    const bounded = { kind: 'float', low: 3 * 0.1, high: 0.7 - 1e-17, log: false, step: 0.1 } as const;
    expect(contains(bounded, 0.3)).toBe(true);
    expect(contains(bounded, 0.2)).toBe(false);
    expect(contains(bounded, quantile(bounded, 0))).toBe(true);
    expect(contains(bounded, quantile(bounded, 1))).toBe(true);
  });
});
