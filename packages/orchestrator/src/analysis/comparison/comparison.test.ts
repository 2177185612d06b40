import { describe, expect, it } from 'vitest';
import { sampleConfig } from '../../store/testing/sample-sweeps.ts';
import type { TrialRow } from '../../store/types.ts';
import { createRng } from '../../study/rng.ts';
import { completeTrials, trialRow } from '../testing/trial-rows.ts';
import { commonBudgets } from './budgets.ts';
import { type CompareOptions, compareGroups, type SweepGroup } from './compare-groups.ts';
import { configDifferences } from './config-differences.ts';
import { bestWithin, searchCurve } from './search-curve.ts';

function group(label: string, runs: ReadonlyArray<readonly number[]>, firstSeed = 0): SweepGroup {
  return {
    label,
    sweeps: runs.map((values, k) => ({
      name: `${label}-${k}`,
      seed: firstSeed + k,
      trials: completeTrials(values),
    })),
  };
}

const verdictOf = (a: SweepGroup, b: SweepGroup, options: CompareOptions = { goal: 'minimize' }) =>
  compareGroups([a, b], options).verdicts[0]!;

describe('searchCurve', () => {
  const trials = [
    trialRow(0, { value: 5, step: 9, startedAt: 0, finishedAt: 9_000 }),
    trialRow(1, { value: null, state: 'pruned', step: 1, startedAt: 0, finishedAt: 1_000 }),
    trialRow(2, { value: null, state: 'failed', step: 2, startedAt: 2_000, finishedAt: 4_000 }),
    // After a pause of a minute.
    trialRow(3, { value: 3, step: 9, startedAt: 69_000, finishedAt: 70_000 }),
    trialRow(4, { value: null, state: 'running', step: 4, startedAt: 69_000, finishedAt: null }),
  ];

  it('counts trials, steps and the time in which something ran, of whatever ended', () => {
    expect(searchCurve(trials, 'minimize')).toEqual([
      { trials: 1, steps: 1, seconds: 1, best: null },
      { trials: 2, steps: 3, seconds: 4, best: null },
      { trials: 3, steps: 12, seconds: 9, best: 5 },
      { trials: 4, steps: 21, seconds: 10, best: 3 },
    ]);
    expect(searchCurve(trials, 'maximize').at(-1)!.best).toBe(5);
  });

  it('takes no trial for the best that breaks a constraint', () => {
    const bounded = [trialRow(0, { value: 1, violation: 2 }), trialRow(1, { value: 4, violation: 0 })];
    expect(searchCurve(bounded, 'minimize').map(({ best }) => best)).toEqual([null, 4]);
  });

  it('knows the best within a budget', () => {
    const curve = searchCurve(trials, 'minimize');
    expect(bestWithin(curve, 'trials', 2)).toBeNull();
    expect(bestWithin(curve, 'steps', 20)).toBe(5);
    expect(bestWithin(curve, 'seconds', 10)).toBe(3);
    expect(bestWithin([], 'trials', 9)).toBeNull();
  });
});

describe('commonBudgets', () => {
  it('steps by 1, 2, 5 up to what the shortest search spent', () => {
    const curves = [40, 25].map((n) => searchCurve(completeTrials(Array<number>(n).fill(1)), 'minimize'));
    expect(commonBudgets(curves, 'trials')).toEqual([1, 2, 5, 10, 20, 25]);
    expect(commonBudgets([curves[0]!, []], 'trials')).toEqual([]);
  });
});

describe('compareGroups', () => {
  it('tests sweeps of the same seeds in pairs', () => {
    const a = group('a', [[3, 1.0], [2.1], [3.2], [4.3], [5.4], [6.5]]);
    const b = group('b', [[9, 1.5], [2.2], [3.4], [4.6], [5.9], [7.2]]);
    const verdict = verdictOf(a, b);
    // The only budget that all have is one trial: 3 against 9, and five smaller differences of one sign.
    expect(verdict).toMatchObject({
      kind: 'wilcoxon',
      budget: 1,
      pairs: 6,
      better: 'a',
      p: 1 / 32,
      meanP: 1 / 32,
      leastP: 1 / 32,
    });
    expect(verdict.difference).toBeCloseTo(-(6 + 0.1 + 0.2 + 0.3 + 0.5 + 0.7) / 6, 12);
  });

  it('tests sweeps of other seeds as two samples', () => {
    const a = group('a', [[1], [2], [3], [4], [5]]);
    const b = group('b', [[6], [7], [8], [9], [10]], 100);
    expect(verdictOf(a, b)).toMatchObject({
      kind: 'mann-whitney',
      runs: [5, 5],
      p: expect.closeTo(2 / 252, 12),
      meanP: expect.closeTo(2 / 252, 12),
      leastP: expect.closeTo(2 / 252, 12),
      better: 'a',
    });
    expect(verdictOf(a, b, { goal: 'maximize' })).toMatchObject({ better: 'b' });
  });

  it('is right about as often as it says: of equal searches, one in twenty differs at 0.05', () => {
    const rng = createRng(3, 0, 'comparison test');
    const runs = (): number[][] => Array.from({ length: 7 }, () => [rng.normal()]);
    const significant = { ranks: 0, means: 0 };
    for (let k = 0; k < 400; k++) {
      const verdict = verdictOf(group('a', runs()), group('b', runs(), 50));
      if (!('p' in verdict)) throw new Error(verdict.kind);
      if (verdict.p < 0.05) significant.ranks++;
      if (verdict.meanP < 0.05) significant.means++;
    }
    for (const count of Object.values(significant)) {
      expect(count / 400).toBeLessThan(0.08);
      expect(count / 400).toBeGreaterThan(0.02);
    }
  });

  it('says by a test of its own whether the means differ, which one run can turn round', () => {
    const usual = [1, 2, 3, 4, 5, 6, 7];
    const a = group(
      'a',
      [...usual, 100].map((value) => [value]),
    );
    const b = group(
      'b',
      [8, 9, 10, 11, 12, 13, 14, 15].map((value) => [value]),
      50,
    );
    const verdict = verdictOf(a, b);
    // a is nearly always the better one, b in the mean.
    expect(verdict).toMatchObject({ kind: 'mann-whitney', better: 'b' });
    if (!('p' in verdict)) throw new Error(verdict.kind);
    expect(verdict.p).toBeLessThan(0.02);
    expect(verdict.meanP).toBeGreaterThan(0.5);
  });

  it('corrects for several comparisons after Holm', () => {
    const groups = [
      group('a', [[1], [2], [3], [4]]),
      group('b', [[5], [6], [7], [8]], 10),
      group('c', [[1.5], [2.5], [3.5], [4.5]], 20),
    ];
    const { verdicts } = compareGroups(groups, { goal: 'minimize' });
    const p = verdicts.map((verdict) => ('p' in verdict ? [verdict.p, verdict.adjustedP] : []));
    // a-b and b-c are as far apart as can be: 2/70, times 3 and then as large; a-c stands alone at last.
    const [ab, ac, bc] = [2 / 70, p[1]![0]!, p[2]![0]!];
    expect(p[0]).toEqual([expect.closeTo(ab, 12), expect.closeTo(3 * ab, 12)]);
    expect(p[2]![1]).toBeCloseTo(Math.max(3 * ab, 2 * bc), 12);
    expect(p[1]![1]).toBeCloseTo(Math.max(3 * ab, 2 * bc, ac), 12);
    const means = verdicts.map((verdict) => ('p' in verdict ? [verdict.meanP, verdict.adjustedMeanP] : []));
    expect(means[0]).toEqual([expect.closeTo(2 / 70, 12), expect.closeTo(6 / 70, 12)]);
  });

  it('draws halves of the trials of single runs, and tests nothing', () => {
    const rng = createRng(5, 0, 'comparison test');
    const good = Array.from({ length: 40 }, () => rng.next());
    const bad = good.map((value) => value + 10);
    const verdict = verdictOf(group('a', [good]), group('b', [bad]));
    expect(verdict).toMatchObject({ kind: 'single-runs', halves: { firstIsBetter: 1, trials: [20, 20] } });
    expect(verdict).not.toHaveProperty('p');
    const same = verdictOf(group('a', [good]), group('b', [good]));
    const halves = same.kind === 'single-runs' ? same.halves! : null;
    expect(Math.abs(halves!.firstIsBetter - 0.5)).toBeLessThan(0.05);
    expect(halves!.interval[0]).toBeLessThan(0);
    expect(halves!.interval[1]).toBeGreaterThan(0);
  });

  it('finds, in halves of two trials each, the four pairs of single trials', () => {
    // 1 or 4 against 2 or 3: the first is better in two of four pairs.
    const verdict = verdictOf(group('a', [[1, 4]]), group('b', [[2, 3]]));
    const halves = verdict.kind === 'single-runs' ? verdict.halves! : null;
    expect(Math.abs(halves!.firstIsBetter - 0.5)).toBeLessThan(0.05);
    expect(halves!.interval).toEqual([-2, 2]);
  });

  it('gives the mean and the spread over seeds at every common budget', () => {
    const { budgets } = compareGroups(
      [
        group('a', [
          [4, 2, 2],
          [6, 4, 1],
        ]),
        group('b', [[7, 7, 7, 7]]),
      ],
      { goal: 'minimize' },
    );
    expect(budgets.trials.map(({ budget, best }) => [budget, best[0]?.mean, best[1]?.mean])).toEqual([
      [1, 5, 7],
      [2, 3, 7],
      [3, 1.5, 7],
    ]);
    expect(budgets.trials[0]!.best[0]).toEqual({ mean: 5, low: 4, high: 6 });
    expect(budgets.trials[0]!.best[1]).toEqual({ mean: 7, low: null, high: null });
    expect(budgets.seconds.at(-1)!.budget).toBe(3);
  });

  it('compares by steps, where early stopping bought more trials', () => {
    const pruned = (number: number): TrialRow =>
      trialRow(number, { state: 'pruned', step: 1, finishedAt: 1_000 * (number + 1) });
    const early = [0, 1, 2, 3].map(pruned).concat(trialRow(4, { value: 1, step: 6, finishedAt: 9_000 }));
    const late = [trialRow(0, { value: 5, step: 10, finishedAt: 1_000 })];
    const groups = [
      { label: 'early', sweeps: [{ name: 'early', seed: 1, trials: early }] },
      { label: 'late', sweeps: [{ name: 'late', seed: 1, trials: late }] },
    ];
    expect(compareGroups(groups, { goal: 'minimize' }).verdicts[0]).toMatchObject({ kind: 'no-results' });
    expect(compareGroups(groups, { goal: 'minimize', by: 'steps' }).verdicts[0]).toMatchObject({
      budget: 10,
      difference: -4,
      better: 'early',
    });
  });
});

describe('configDifferences', () => {
  it('names what tells configs apart by its place in the file, and nothing else', () => {
    const base = sampleConfig();
    const other = sampleConfig({
      name: 'other',
      seed: 8,
      sampler: { type: 'tpe', options: { gamma: 0.2 } },
      parameters: base.parameters.filter(({ name }) => name !== 'units'),
    });
    expect(configDifferences([base, other])).toEqual([
      { path: 'seed', values: ['7', '8'] },
      { path: 'sampler.type', values: ['random', 'tpe'] },
      { path: 'parameters.units', values: [expect.stringContaining('16'), null] },
      { path: 'sampler.options.gamma', values: [null, '0.2'] },
    ]);
    expect(configDifferences([base, sampleConfig({ name: 'twin' })])).toEqual([]);
  });
});
