import { describe, expect, it } from 'vitest';
import { drawParams } from '../../space/points.ts';
import type { Space } from '../../space/types.ts';
import { sampleConfig } from '../../store/testing/sample-sweeps.ts';
import { createRng } from '../../study/rng.ts';
import { trialRow } from '../testing/trial-rows.ts';
import { frontImportance, goalOf, type SweepImportance, sweepImportance } from './sweep-importance.ts';

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

describe('frontImportance', () => {
  const rng = createRng(3, 0, 'front importance');
  const points = Array.from({ length: 300 }, () => drawParams(SPACE, rng) as { x: number; y: number });
  const last = { type: 'last' } as const;
  const latency = { name: 'latency', goal: 'minimize', target: null, reduce: last } as const;
  const size = { name: 'size', min: null, max: 0.3, reduce: last } as const;
  type Metrics = { val_accuracy: number; latency: number; size?: number };
  const trialsOf = (metricsOf: (point: { x: number; y: number }) => Metrics) =>
    points.map((params, number) => {
      const values = metricsOf(params);
      return trialRow(number, { params, value: values.val_accuracy, values });
    });
  const config = sampleConfig({ parameters: SPACE, otherMetrics: [latency] });

  it('is that for the one metric where both say the same', () => {
    const trials = trialsOf(({ x, y }) => ({ val_accuracy: x + 0.2 * y, latency: -3 * (x + 0.2 * y) }));
    const front = frontImportance(config, trials);
    const single = sweepImportance(config, trials, {
      method: 'ped-anova',
      metric: 'val_accuracy',
      goal: 'maximize',
    });
    expect(front).toEqual({ ...single, metric: null, goal: null });
    expect(front.best).toBe(30);
  });

  it('leaves out what only moves a trial along the front, which each metric alone does not', () => {
    // Along x one metric is traded for the other; y costs in both.
    const trials = trialsOf(({ x, y }) => ({ val_accuracy: x - y, latency: x + y }));
    const front = frontImportance(config, trials);
    expect(importances(front).y).toBeGreaterThan(0.9);
    const alone = sweepImportance(config, trials, {
      method: 'ped-anova',
      metric: 'latency',
      goal: 'minimize',
    });
    expect(importances(alone).x).toBeGreaterThan(0.3);
    // Only the order within each metric counts.
    const bent = trialsOf(({ x, y }) => ({ val_accuracy: (x - y) ** 3, latency: Math.exp(5 * (x + y)) }));
    expect(frontImportance(config, bent)).toEqual(front);
  });

  it('puts trials that break a constraint behind the others, and pruned ones behind all', () => {
    const bounded = sampleConfig({ parameters: SPACE, otherMetrics: [latency, size] });
    const trials = trialsOf(({ x, y }) => ({ val_accuracy: x - y, latency: x + y, size: x }));
    expect(importances(frontImportance(bounded, trials)).x).toBeGreaterThan(0.3);
    const stopped = trials.map((trial) =>
      (trial.params.x as number) > 0.5
        ? trialRow(trial.number, { params: trial.params, state: 'pruned' })
        : trial,
    );
    const found = frontImportance(config, stopped);
    expect(found).toMatchObject({ trials: 300, pruned: points.filter(({ x }) => x > 0.5).length });
    expect(importances(found).x).toBeGreaterThan(0.1);
  });

  it('drops trials that lack one of the metrics', () => {
    const trials = trialsOf(({ x, y }) => ({ val_accuracy: x, latency: x < 0.1 ? Number.NaN : y }));
    expect(frontImportance(config, trials).dropped).toBe(points.filter(({ x }) => x < 0.1).length);
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
