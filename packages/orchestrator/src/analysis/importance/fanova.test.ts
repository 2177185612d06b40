import { describe, expect, it } from 'vitest';
import { drawParams } from '../../space/points.ts';
import type { Distribution, Params, Space } from '../../space/types.ts';
import { createRng } from '../../study/rng.ts';
import { type Importance, parameterImportance } from './importance.ts';

const unit: Distribution = { kind: 'float', low: 0, high: 1, log: false };

function space(parameters: Record<string, Distribution>): Space {
  return Object.entries(parameters).map(([name, distribution]) => ({ name, distribution, when: [] }));
}

function importanceOf(
  parameters: Space,
  trials: number,
  f: (params: Params) => number,
  options: { noise?: number; seed?: number } = {},
): Importance {
  const rng = createRng(options.seed ?? 1, 0, 'fanova test');
  const sample = Array.from({ length: trials }, () => {
    const params = drawParams(parameters, rng);
    return { params, value: f(params) + (options.noise ?? 0) * rng.normal() };
  });
  return parameterImportance(parameters, sample, { method: 'fanova', goal: 'minimize' });
}

const number = (params: Params, name: string): number => params[name] as number;
const mains = ({ parameters }: Importance): Record<string, number> =>
  Object.fromEntries(parameters.map(({ name, main }) => [name, main!]));
const totals = ({ parameters }: Importance): Record<string, number> =>
  Object.fromEntries(parameters.map(({ name, importance }) => [name, importance]));
const pair = ({ interactions }: Importance, a: string, b: string): number =>
  interactions.find(({ parameters }) => parameters.includes(a) && parameters.includes(b))?.importance ?? 0;

/** How far an estimate from some hundreds of trials may lie from the closed form. */
const TOLERANCE = 0.03;

function expectNear(found: number, expected: number, tolerance = TOLERANCE): void {
  expect(Math.abs(found - expected), `${found} is to be near ${expected}`).toBeLessThan(tolerance);
}

describe('fANOVA', () => {
  it('finds the variances of x + 2y, 1 to 4, and nothing in what has no effect', () => {
    const found = importanceOf(
      space({ x: unit, y: unit, idle: unit }),
      600,
      (p) => number(p, 'x') + 2 * number(p, 'y'),
    );
    expectNear(mains(found).x!, 1 / 5);
    expectNear(mains(found).y!, 4 / 5);
    expect(totals(found).idle).toBeLessThan(0.005);
    expect(found.parameters.map(({ name }) => name)).toEqual(['y', 'x', 'idle']);
    expect(found.rSquared).toBeGreaterThan(0.98);
  });

  it('finds 3/7, 3/7 and 1/7 of x·y on the unit square', () => {
    // Var(x/2) = 1/48 each, and (1/12)² = 1/144 for both together.
    const found = importanceOf(space({ x: unit, y: unit }), 1500, (p) => number(p, 'x') * number(p, 'y'));
    expectNear(mains(found).x!, 3 / 7);
    expectNear(mains(found).y!, 3 / 7);
    expectNear(pair(found, 'x', 'y'), 1 / 7);
    expectNear(totals(found).x!, 1 / 2);
  });

  it('gives a pure interaction to both in equal halves', () => {
    const found = importanceOf(
      space({ x: unit, y: unit, z: unit }),
      800,
      (p) => (number(p, 'x') - 0.5) * (number(p, 'y') - 0.5),
    );
    expectNear(pair(found, 'x', 'y'), 1);
    expectNear(totals(found).x!, 0.5);
    expectNear(totals(found).y!, 0.5);
  });

  it("finds the Sobol' indices of the Ishigami function", () => {
    const angle = (p: Params, name: string): number => (2 * number(p, name) - 1) * Math.PI;
    const found = importanceOf(space({ x: unit, y: unit, z: unit }), 4000, (p) => {
      const s = Math.sin(angle(p, 'x'));
      return s + 7 * Math.sin(angle(p, 'y')) ** 2 + 0.1 * angle(p, 'z') ** 4 * s;
    });
    // Ishigami & Homma 1990: variances of x, of y, of x and z together; all else is 0.
    const pi4 = Math.PI ** 4;
    const variances = {
      x: 0.5 * (1 + (0.1 * pi4) / 5) ** 2,
      y: 7 ** 2 / 8,
      xz: 0.01 * pi4 ** 2 * (1 / 18 - 1 / 50),
    };
    const total = variances.x + variances.y + variances.xz;
    expectNear(mains(found).x!, variances.x / total, 0.05);
    expectNear(mains(found).y!, variances.y / total, 0.05);
    expectNear(pair(found, 'x', 'z'), variances.xz / total, 0.05);
    expectNear(mains(found).z!, 0);
  });

  it('measures log, whole and unordered parameters on the scales on which they are drawn', () => {
    const found = importanceOf(
      space({
        rate: { kind: 'float', low: 1e-4, high: 1, log: true },
        layers: { kind: 'int', low: 1, high: 4, log: false, step: 1 },
        kind: { kind: 'categorical', choices: ['a', 'b', 'c', 'd'], ordered: false },
      }),
      2000,
      (p) =>
        Math.log10(number(p, 'rate')) +
        number(p, 'layers') +
        { a: 0, b: 3, c: 0, d: 3 }[p.kind as 'a' | 'b' | 'c' | 'd'],
    );
    const [rate, layers, kind] = [16 / 12, 15 / 12, 9 / 4];
    const total = rate + layers + kind;
    expectNear(mains(found).rate!, rate / total);
    expectNear(mains(found).layers!, layers / total);
    expectNear(mains(found).kind!, kind / total);
  });

  it('finds an interaction of a choice with a number, whatever the order of the choices', () => {
    // The sign of the slope is the choice's: no main effect but the sum of both.
    const slopes = { a: 1, b: -1, c: 1, d: -1 };
    const found = importanceOf(
      space({ x: unit, kind: { kind: 'categorical', choices: ['a', 'b', 'c', 'd'], ordered: false } }),
      1500,
      (p) => slopes[p.kind as 'a'] * (number(p, 'x') - 0.5),
    );
    expectNear(pair(found, 'x', 'kind'), 1, 0.05);
  });

  it('weighs choices by their probabilities', () => {
    const found = importanceOf(
      space({
        x: unit,
        rare: { kind: 'categorical', choices: ['no', 'yes'], probabilities: [0.9, 0.1], ordered: false },
      }),
      1500,
      (p) => number(p, 'x') + (p.rare === 'yes' ? 1 : 0),
    );
    const [x, rare] = [1 / 12, 0.9 * 0.1];
    expectNear(mains(found).rare!, rare / (x + rare));
  });

  it('judges a parameter under a condition where it exists, with the share of the trials that have it', () => {
    const parameters: Space = [
      {
        name: 'optimizer',
        distribution: { kind: 'categorical', choices: ['adam', 'sgd'], ordered: false },
        when: [],
      },
      { name: 'rate', distribution: unit, when: [] },
      {
        name: 'momentum',
        distribution: unit,
        when: [{ parameter: 'optimizer', kind: 'in', values: ['sgd'] }],
      },
    ];
    const found = importanceOf(parameters, 2000, (p) =>
      p.optimizer === 'sgd' ? 4 * number(p, 'momentum') + number(p, 'rate') : 3 + number(p, 'rate'),
    );
    // adam: 3, sgd: 2 on average; momentum: half of the trials, a variance of 16/12 there.
    const [optimizer, rate, momentum] = [1 / 4, 1 / 12, 16 / 24];
    const total = optimizer + rate + momentum;
    expectNear(mains(found).momentum!, momentum / total);
    expectNear(mains(found).optimizer!, optimizer / total);
    expectNear(mains(found).rate!, rate / total);
    const present = found.parameters.find(({ name }) => name === 'momentum')!.present;
    expectNear(present, 0.5);
    expect(pair(found, 'optimizer', 'momentum')).toBe(0);
  });

  it('takes interactions with the parent over the part where the child exists', () => {
    const parameters: Space = [
      { name: 'layers', distribution: { kind: 'int', low: 1, high: 4, log: false, step: 1 }, when: [] },
      { name: 'width', distribution: unit, when: [{ parameter: 'layers', kind: 'compare', ge: 2 }] },
    ];
    const found = importanceOf(parameters, 2000, (p) =>
      number(p, 'layers') === 1 ? 0 : (number(p, 'layers') - 3) * (number(p, 'width') - 0.5),
    );
    // Over 2, 3 and 4 the factor averages to 0: there is nothing but the interaction.
    expectNear(pair(found, 'layers', 'width'), 1);
  });

  it('does not depend on the sign of the metric, and repeats itself', () => {
    const parameters = space({ x: unit, y: unit });
    const f = (p: Params): number => number(p, 'x') * (1 + number(p, 'y'));
    const found = importanceOf(parameters, 100, f);
    expect(importanceOf(parameters, 100, f)).toEqual(found);
    const turned = importanceOf(parameters, 100, (p) => -f(p));
    for (const [name, importance] of Object.entries(totals(found)))
      expect(totals(turned)[name]).toBeCloseTo(importance, 9);
  });

  it('is the same for results of any size, and far from 0', () => {
    const parameters = space({ x: unit, y: unit });
    const f = (p: Params): number => number(p, 'x') * (1 + number(p, 'y'));
    const found = importanceOf(parameters, 100, f);
    for (const scale of [2 ** 800, 2 ** -800]) {
      const scaled = totals(importanceOf(parameters, 100, (p) => scale * f(p)));
      for (const [name, importance] of Object.entries(totals(found)))
        expect(scaled[name]).toBeCloseTo(importance, 9);
    }
    const moved = totals(importanceOf(parameters, 100, (p) => 1e7 + f(p)));
    for (const [name, importance] of Object.entries(totals(found)))
      expect(moved[name]).toBeCloseTo(importance, 2);
  });

  it('says when the forest knows nothing: noise is not predicted', () => {
    const found = importanceOf(space({ x: unit, y: unit }), 300, () => 0, { noise: 1 });
    expect(found.rSquared).toBeLessThan(0.1);
  });

  it('sums to 1, and calls importances equal where all results are', () => {
    const parameters = space({ x: unit, y: unit, c: { kind: 'constant', value: 1 } });
    const found = importanceOf(parameters, 60, (p) => number(p, 'x') * number(p, 'y'), { noise: 0.1 });
    expect(Object.values(totals(found)).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    const all = found.interactions.reduce((sum, { importance }) => sum + importance, 0);
    expect(Object.values(mains(found)).reduce((sum, value) => sum + value, all)).toBeCloseTo(1, 12);
    const flat = importanceOf(parameters, 60, () => 2);
    expect(flat).toMatchObject({ isKnown: false, interactions: [] });
    expect(totals(flat)).toEqual({ x: 0.5, y: 0.5 });
  });

  it('has an answer for no trials and for one', () => {
    const parameters = space({ x: unit });
    for (const count of [0, 1]) {
      const found = importanceOf(parameters, count, () => 1);
      expect(found).toMatchObject({ trials: count, isKnown: false });
    }
  });
});
