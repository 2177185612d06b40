import { describe, expect, it } from 'vitest';
import type { Distribution, Params, Space } from '../space/types.ts';
import type { SweepRow, TrialRow } from '../store/types.ts';
import {
  bestSoFar,
  commonestFailure,
  edgeParameters,
  jsonSafe,
  leaderboardRows,
  rankedTrials,
  savedSteps,
  significant,
  summarize,
  varyingParameters,
} from './index.ts';
import { trialRow as trial } from './testing/trial-rows.ts';

function space(parameters: Record<string, Distribution>): Space {
  return Object.entries(parameters).map(([name, distribution]) => ({ name, distribution, when: [] }));
}

describe('leaderboardRows', () => {
  it('ranks complete trials alone, from the place at which the page begins', () => {
    const all = [trial(4, { value: 0.9 }), trial(2, { value: 0.8 }), trial(3, { state: 'pruned' })];
    const store = { trials: () => all };
    const config = { otherMetrics: [] } as unknown as SweepRow['config'];
    const rows = leaderboardRows(rankedTrials(store, { id: 's', config }, { offset: 10 }), {
      severalMetrics: false,
    });
    expect(rows.map(({ rank, number }) => [rank, number])).toEqual([
      [11, 4],
      [12, 2],
      [null, 3],
    ]);
    expect(Object.keys(rows[0]!)).toEqual([
      'rank',
      'number',
      'state',
      'value',
      'params',
      'metrics',
      'duration_s',
      'worker',
      'attempts',
    ]);
  });
});

describe('summarize', () => {
  const counts = { queued: 1, running: 2, paused: 0, complete: 6, pruned: 3, failed: 1, stopped: 5 };

  it('counts what ran to an end as throughput', () => {
    const best = { number: 3, value: 0.5, params: { x: 1 } };
    const row = { name: 'digits', state: 'running', counts, best, wallSeconds: 4, backends: ['cpu', 'wasm'] };
    expect(summarize(row as unknown as SweepRow)).toEqual({
      sweep: 'digits',
      state: 'running',
      counts,
      best,
      wall_s: 4,
      trials_per_s: 2.5,
      backend: 'cpu, wasm',
    });
  });

  it('has no throughput and no backend before anything ran', () => {
    const row = { name: 'digits', state: 'running', counts, best: null, wallSeconds: 0, backends: [] };
    expect(summarize(row as unknown as SweepRow)).toMatchObject({ trials_per_s: 0, backend: null });
  });
});

describe('bestSoFar', () => {
  const trials = [
    trial(0, { value: 3, finishedAt: 30 }),
    trial(1, { value: 1, finishedAt: 10 }),
    trial(2, { state: 'pruned', finishedAt: 15 }),
    trial(3, { value: 2, finishedAt: 20 }),
  ];

  it.each([
    ['maximize', [1, 2, 3]],
    ['minimize', [1, 1, 1]],
  ] as const)('follows complete trials in the order in which they ended (%s)', (goal, best) => {
    const curve = bestSoFar(trials, goal);
    expect(curve.map(({ number }) => number)).toEqual([1, 3, 0]);
    expect(curve.map((point) => point.best)).toEqual(best);
  });
});

describe('edgeParameters', () => {
  const ranges = space({
    rate: { kind: 'float', low: 1e-5, high: 0.1, log: true },
    dropout: { kind: 'float', low: 0, high: 0.6, log: false },
    tenths: { kind: 'float', low: 0.05, high: 0.7, log: false, step: 0.1 },
    units: { kind: 'int', low: 10, high: 250, log: false, step: 16 },
    layers: { kind: 'int', low: 1, high: 3, log: false, step: 1 },
    sizes: { kind: 'categorical', choices: [8, 16, 32, 64], ordered: true },
    optimizer: { kind: 'categorical', choices: ['a', 'b', 'c', 'd'], ordered: false },
    noise: { kind: 'normal', mu: 0, sigma: 1, log: false, int: false },
    fixed: { kind: 'float', low: 1, high: 1, log: false },
  });
  const edges = (params: Record<string, string | number>): unknown[] =>
    edgeParameters(ranges, params).map(({ name, edge, bound }) => [name, edge, bound]);

  it('finds values at the ends of their ranges, on the scale on which they are drawn', () => {
    expect(edges({ rate: 1.05e-5, dropout: 0.6 })).toEqual([
      ['rate', 'bottom', 1e-5],
      ['dropout', 'top', 0.6],
    ]);
    expect(edges({ rate: 1e-4, dropout: 0.55 })).toEqual([]);
  });

  it('knows the first and the last multiple inside the bounds', () => {
    expect(edges({ tenths: 0.1, units: 240 })).toEqual([
      ['tenths', 'bottom', 0.1],
      ['units', 'top', 240],
    ]);
    expect(edgeParameters(ranges, { tenths: 0.7000000000000001 })).toMatchObject([{ edge: 'top' }]);
    expect(edges({ tenths: 0.2, units: 224 })).toEqual([]);
  });

  it('says nothing where an end is no surprise, or where there is none', () => {
    expect(edges({ layers: 3, optimizer: 'a', noise: 9, fixed: 1 })).toEqual([]);
    expect(edges({ sizes: 64 })).toEqual([['sizes', 'top', 64]]);
    expect(edges({})).toEqual([]);
  });
});

describe('commonestFailure', () => {
  it('groups by the first line, and names the first trial of the largest group', () => {
    const failed = (number: number, message: string, at?: string): TrialRow =>
      trial(number, { state: 'failed', error: { kind: 'throw', message, at } });
    const found = commonestFailure([
      failed(0, 'no file'),
      failed(5, 'no column\nat row 3', 'train.ts:3:1'),
      failed(2, 'no column\nat row 9', 'train.ts:2:1'),
      trial(7, { state: 'failed', reason: 'kills its worker' }),
      trial(8),
    ]);
    expect(found).toEqual({ reason: 'no column', count: 2, number: 2, at: 'train.ts:2:1' });
  });

  it('takes the earlier of two that are equally frequent, and is null where nothing failed', () => {
    const reasons = [trial(3, { state: 'failed', reason: 'b' }), trial(1, { state: 'failed', reason: 'a' })];
    expect(commonestFailure(reasons)).toMatchObject({ reason: 'a', number: 1 });
    expect(commonestFailure([trial(0)])).toBeNull();
  });
});

describe('savedSteps', () => {
  it('is what pruned trials did not train, of what all would have cost', () => {
    const trials = [
      trial(0, { step: 9 }),
      trial(1, { state: 'pruned', step: 3 }),
      trial(2, { state: 'pruned', step: 1 }),
      trial(3, { state: 'failed', step: 2 }),
    ];
    expect(savedSteps({ fidelity: { unit: 'epochs', min: 1, max: 9 } }, trials)).toEqual({
      saved: 14,
      full: 27,
      unit: 'epochs',
    });
    expect(savedSteps({ fidelity: null }, trials)).toBeNull();
  });
});

describe('varyingParameters', () => {
  const parameters = space({
    a: { kind: 'float', low: 0, high: 1, log: false },
    b: { kind: 'categorical', choices: [1, '1'], ordered: false },
    c: { kind: 'constant', value: 3 },
    d: { kind: 'float', low: 0, high: 1, log: false },
  });

  it('tells trials apart, absent ones and other types included', () => {
    const trials: Array<{ params: Params }> = [
      { params: { a: 1, b: 1, c: 3 } },
      { params: { a: 1, b: '1', c: 3, d: 0.5 } },
    ];
    expect(varyingParameters(parameters, trials)).toEqual(['b', 'd']);
  });

  it('shows of a single trial all that can vary', () => {
    expect(varyingParameters(parameters, [{ params: { a: 1, b: 1, c: 3 } }])).toEqual(['a', 'b', 'd']);
  });
});

describe('numbers for people and machines', () => {
  it.each([
    [0.123456, '0.1235'],
    [0.5, '0.5'],
    [123_456.789, '123500'],
    [123_456, '123456'],
    [0.000123456, '0.0001235'],
    [0.00001, '1e-5'],
    [-1.23456e-7, '-1.235e-7'],
    [Number.NaN, 'NaN'],
    [-Infinity, '-Infinity'],
  ])('writes %d as %s', (value, text) => {
    expect(significant(value)).toBe(text);
  });

  it('keeps NaN and the infinities in JSON', () => {
    const value = { a: [Number.NaN, 1], b: { c: Infinity, d: null, e: 'x' } };
    expect(jsonSafe(value)).toEqual({ a: ['NaN', 1], b: { c: 'Infinity', d: null, e: 'x' } });
  });
});
