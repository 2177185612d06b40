import { describe, expect, it } from 'vitest';
import type { Distribution, Params, Space } from '../../space/types.ts';
import { createRng } from '../../study/rng.ts';
import fixture from './fixtures/ped-anova.json' with { type: 'json' };
import { type Importance, parameterImportance } from './importance.ts';

function space(parameters: Record<string, Distribution>, when: Record<string, [string, string]> = {}): Space {
  return Object.entries(parameters).map(([name, distribution]) => ({
    name,
    distribution,
    when: when[name] ? [{ parameter: when[name][0], kind: 'in', values: [when[name][1]] }] : [],
  }));
}

const float = (low: number, high: number, more: { log?: boolean; step?: number } = {}): Distribution => ({
  kind: 'float',
  low,
  high,
  log: false,
  ...more,
});
const int = (low: number, high: number, step = 1, log = false): Distribution => ({
  kind: 'int',
  low,
  high,
  step,
  log,
});
const choice = (...choices: string[]): Distribution => ({ kind: 'categorical', choices, ordered: false });

const SPACES: Readonly<Record<string, Space>> = {
  mixed: space({
    lr: float(1e-5, 1e-1, { log: true }),
    x: float(-2, 3),
    layers: int(1, 6),
    units: int(16, 256, 16),
    width: int(1, 500, 1, true),
    drop: float(0, 0.6, { step: 0.05 }),
    kind: choice('a', 'b', 'c'),
  }),
  conditional: space(
    {
      optimizer: choice('adam', 'sgd'),
      lr: float(1e-5, 1e-1, { log: true }),
      momentum: float(0.5, 0.99),
      beta: float(0.8, 0.999),
    },
    { momentum: ['optimizer', 'sgd'], beta: ['optimizer', 'adam'] },
  ),
};

const byName = ({ parameters }: Importance): Record<string, number> =>
  Object.fromEntries(parameters.map(({ name, importance }) => [name, importance]));

describe('PED-ANOVA', () => {
  it.each(fixture.cases)('gives the importances of Optuna 5 ($name)', (sample) => {
    const trials = sample.trials as unknown as { params: Params; value: number }[];
    const found = parameterImportance(SPACES[sample.space]!, trials, {
      goal: sample.goal as 'minimize' | 'maximize',
      quantile: sample.quantile,
    });
    const importances = byName(found);
    const expected = sample.importance as unknown as Record<string, number>;
    expect(Object.keys(importances).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, importance] of Object.entries(expected)) {
      expect(importances[name], name).toBeCloseTo(importance, 6);
    }
  });

  it('tells the share of the trials that have a parameter', () => {
    const sample = fixture.cases.find(({ name }) => name === 'conditional, random')!;
    const trials = sample.trials as unknown as { params: Params; value: number }[];
    const found = parameterImportance(SPACES.conditional!, trials, { goal: 'minimize' });
    const present = Object.fromEntries(found.parameters.map(({ name, present }) => [name, present]));
    const sgd = trials.filter(({ params }) => params.optimizer === 'sgd').length / trials.length;
    expect(present).toEqual({ optimizer: 1, lr: 1, momentum: sgd, beta: expect.closeTo(1 - sgd, 12) });
  });

  it('drops NaN and missing results, and takes infinite ones for the worst', () => {
    const rng = createRng(1, 0, 'test');
    const two = space({ x: float(0, 1), y: float(0, 1) });
    const trials = Array.from({ length: 60 }, () => {
      const params: Params = { x: rng.next(), y: rng.next() };
      return { params, value: params.x as number };
    });
    const clean = parameterImportance(two, trials, { goal: 'minimize' });
    const worst = trials.reduce((a, b) => (b.value > a.value ? b : a));
    const dirty = trials.map((trial) =>
      trial === worst ? { ...trial, value: Number.POSITIVE_INFINITY } : trial,
    );
    const found = parameterImportance(
      two,
      [...dirty, { params: { x: 0, y: 0 }, value: Number.NaN }, { params: { x: 0, y: 0 }, value: null }],
      { goal: 'minimize' },
    );
    expect(found).toMatchObject({ trials: 60, dropped: 2, imputed: 1, parameters: clean.parameters });
    expect(byName(clean).x).toBeGreaterThan(0.9);
  });

  it('calls importances equal where nothing tells the trials apart', () => {
    const two = space({ x: float(0, 1), y: float(0, 1) });
    const trials = [0.1, 0.5, 0.9].map((x) => ({ params: { x, y: 1 - x }, value: 3 }));
    const found = parameterImportance(two, trials, { goal: 'minimize' });
    expect(found.isKnown).toBe(false);
    expect(byName(found)).toEqual({ x: 0.5, y: 0.5 });
  });

  it('leaves constants out', () => {
    const some = space({ x: float(0, 1), c: { kind: 'constant', value: 3 }, only: int(5, 5) });
    const trials = [0.1, 0.5, 0.9].map((x) => ({ params: { x, c: 3, only: 5 }, value: x }));
    expect(byName(parameterImportance(some, trials, { goal: 'minimize' }))).toEqual({ x: 1, only: 0 });
  });
});
