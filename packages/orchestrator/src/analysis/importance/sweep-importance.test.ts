import { describe, expect, it } from 'vitest';
import { drawParams } from '../../space/points.ts';
import type { Space } from '../../space/types.ts';
import { sampleConfig } from '../../store/testing/sample-sweeps.ts';
import { createRng } from '../../study/rng.ts';
import { trialRow } from '../testing/trial-rows.ts';
import { goalOf, type SweepImportance, sweepImportance } from './sweep-importance.ts';

const unit = { kind: 'float', low: 0, high: 1, log: false } as const;
const SPACE: Space = ['x', 'y'].map((name) => ({ name, distribution: unit, when: [] }));

const importances = ({ parameters }: SweepImportance): Record<string, number> =>
  Object.fromEntries(parameters.map(({ name, importance }) => [name, importance]));

describe('sweepImportance', () => {
  const rng = createRng(2, 0, 'sweep importance');
  const points = Array.from({ length: 200 }, () => drawParams(SPACE, rng) as { x: number; y: number });

  it('does not forget what early stopping has sorted out', () => {
    // Everything with a large x was stopped early; among what is left y decides a little.
    const trials = points.map((params, number) =>
      params.x > 0.2
        ? trialRow(number, { params, state: 'pruned', step: params.x > 0.6 ? 1 : 3 })
        : trialRow(number, { params, value: 0.9 - 0.01 * params.y, step: 9 }),
    );
    const config = sampleConfig({ parameters: SPACE });
    const goal = 'maximize';
    const metric = config.metric.name;
    const found = sweepImportance(config, trials, { method: 'ped-anova', metric, goal });
    const pruned = points.filter(({ x }) => x > 0.2).length;
    expect(found).toMatchObject({ trials: 200, pruned });
    expect(importances(found).x).toBeGreaterThan(0.3);
    // Of the survivors alone x says nothing.
    const survivors = trials.filter(({ state }) => state === 'complete');
    const alone = sweepImportance(config, survivors, { method: 'ped-anova', metric, goal });
    expect(importances(alone).x).toBeLessThan(0.5 * importances(found).x!);
    // A pruned trial's value is that of fewer steps: no variance to explain.
    expect(sweepImportance(config, trials, { method: 'fanova', metric, goal })).toMatchObject({
      trials: 200 - pruned,
      pruned: 0,
    });
  });

  it('takes another metric from what complete trials reported, for whichever goal', () => {
    const trials = points.map((params, number) =>
      trialRow(number, { params, value: params.x, metrics: { seconds: params.y, val_accuracy: 0 } }),
    );
    const config = sampleConfig({ parameters: SPACE });
    for (const goal of ['minimize', 'maximize'] as const) {
      const found = sweepImportance(config, trials, { method: 'ped-anova', metric: 'seconds', goal });
      expect(importances(found).y).toBeGreaterThan(0.9);
    }
    const main = sweepImportance(config, trials, {
      method: 'ped-anova',
      metric: 'val_accuracy',
      goal: 'maximize',
    });
    expect(importances(main).x).toBeGreaterThan(0.9);
    const absent = sweepImportance(config, trials, { method: 'fanova', metric: 'none', goal: 'minimize' });
    expect(absent).toMatchObject({ trials: 0, dropped: 200, isKnown: false });
  });
});

describe('goalOf', () => {
  it('knows the goals of objectives, not of constraints', () => {
    const config = sampleConfig({
      otherMetrics: [
        { name: 'latency', goal: 'minimize', target: null, reduce: { type: 'last' } },
        { name: 'size', min: null, max: 3, reduce: { type: 'last' } },
      ],
    });
    expect(['val_accuracy', 'latency', 'size', 'none'].map((name) => goalOf(config, name))).toEqual([
      'maximize',
      'minimize',
      null,
      null,
    ]);
  });
});
