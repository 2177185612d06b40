import { describe, expect, it } from 'vitest';
import type { TrialRow } from '../store/types.ts';
import { createRng } from '../study/rng.ts';
import { hypervolumeHistory, hypervolumeValues, type SweepMetrics, sweepFront } from './index.ts';
import { trialRow } from './testing/trial-rows.ts';

const reduce = { type: 'last' } as const;
const TWO: SweepMetrics = {
  metric: { name: 'accuracy', goal: 'maximize', target: null, reduce },
  otherMetrics: [{ name: 'latency', goal: 'minimize', target: null, reduce }],
};
const BOUNDED: SweepMetrics = {
  ...TWO,
  otherMetrics: [...TWO.otherMetrics, { name: 'size', min: null, max: 10, reduce }],
};

const trial = (number: number, accuracy: number, latency: number, more: Partial<TrialRow> = {}): TrialRow =>
  trialRow(number, { value: accuracy, metrics: { latency, size: 1 }, ...more });

describe('sweepFront', () => {
  it('is what no trial beats in both metrics, best in the first one first', () => {
    const { trials, isFeasible } = sweepFront(TWO, [
      trial(0, 0.9, 30),
      trial(1, 0.8, 10),
      trial(2, 0.85, 40),
      trial(3, 0.95, 50),
      trial(4, 0.8, 12),
      trial(5, 0.99, 1, { state: 'pruned', value: null }),
    ]);
    expect(trials.map(({ number }) => number)).toEqual([3, 0, 1]);
    expect(isFeasible).toBe(true);
  });

  it('leaves out what breaks a constraint, and trials without a number for a metric', () => {
    const { trials } = sweepFront(BOUNDED, [
      trial(0, 0.9, 30, { metrics: { latency: 30, size: 11 } }),
      trial(1, 0.8, 20, { metrics: { latency: 20, size: 10 } }),
      trial(2, 0.99, 1, { metrics: { size: 1 } }),
      trial(3, 0.99, 1, { metrics: { latency: Number.NaN, size: 1 } }),
    ]);
    expect(trials.map(({ number }) => number)).toEqual([1]);
  });

  it('shows the least violation where nothing keeps the constraints', () => {
    const { trials, isFeasible } = sweepFront(BOUNDED, [
      trial(0, 0.9, 30, { metrics: { latency: 30, size: 20 } }),
      trial(1, 0.1, 90, { metrics: { latency: 90, size: 12 } }),
    ]);
    expect(trials.map(({ number }) => number)).toEqual([1]);
    expect(isFeasible).toBe(false);
  });

  it('goes by reduced results where there are any', () => {
    const [a, b] = [trial(0, 0.9, 30, { values: { accuracy: 0.9, latency: 5 } }), trial(1, 0.8, 10)];
    expect(sweepFront(TWO, [a, b]).trials.map(({ number }) => number)).toEqual([0]);
  });

  it('is the best trial of a sweep with one metric', () => {
    const one = { ...TWO, otherMetrics: [] };
    expect(sweepFront(one, [trial(0, 0.9, 0), trial(1, 0.95, 0)]).trials).toMatchObject([{ number: 1 }]);
    expect(sweepFront(one, [])).toEqual({ trials: [], isFeasible: true });
  });
});

describe('hypervolumeHistory', () => {
  it('grows by the area that each trial adds, in the order in which they ended', () => {
    const { points } = hypervolumeHistory(
      TWO,
      [trial(0, 0.5, 5, { finishedAt: 30 }), trial(1, 0.75, 8, { finishedAt: 10 }), trial(2, 0.25, 9)],
      [0, 10],
    );
    // As losses below (0, 10): (-0.25, 9) has 0.25 · 1, (-0.75, 8) 0.75 · 2, then (-0.5, 5) adds 0.5 · 3.
    expect(points.map(({ number, hypervolume }) => [number, hypervolume])).toEqual([
      [2, 0.25],
      [1, 1.5],
      [0, 3],
    ]);
  });

  it('never falls, and ends at the share of random points that the front dominates', () => {
    const rng = createRng(1, 0, 'hypervolume test');
    const trials = Array.from({ length: 60 }, (_, n) => trial(n, rng.next(), rng.next()));
    const { points } = hypervolumeHistory(TWO, trials, [0, 1]);
    for (const [i, { hypervolume }] of points.entries())
      expect(hypervolume).toBeGreaterThanOrEqual(points[i - 1]?.hypervolume ?? 0);
    const samples = 100_000;
    let dominated = 0;
    for (let k = 0; k < samples; k++) {
      const [accuracy, latency] = [rng.next(), rng.next()];
      if (trials.some(({ value, metrics }) => value! >= accuracy && metrics.latency! <= latency)) dominated++;
    }
    expect(Math.abs(points.at(-1)!.hypervolume - dominated / samples)).toBeLessThan(0.01);
  });

  it('counts nothing that breaks a constraint', () => {
    const { points, reference } = hypervolumeHistory(BOUNDED, [
      trial(0, 0.9, 1, { metrics: { latency: 1, size: 99 } }),
      trial(1, 0.5, 5),
      trial(2, 0.6, 4),
    ]);
    expect(points.map(({ hypervolume }) => hypervolume > 0)).toEqual([false, true, true]);
    expect(reference).toEqual([expect.closeTo(-0.49, 12), expect.closeTo(5.1, 12)]);
    expect(hypervolumeHistory(BOUNDED, [])).toEqual({ reference: [], points: [] });
  });
});

describe('hypervolumeValues', () => {
  it('gives every complete trial the hypervolume of its sweep so far, up to a corner that all share', () => {
    const pruned = trial(2, 0, 0, { state: 'pruned', value: null });
    const { reference, sweeps } = hypervolumeValues(TWO, [
      [trial(0, 0.5, 10), trial(1, 1, 10), pruned],
      [trial(0, 0, 0)],
    ]);
    // Losses from -1 to 0 and from 0 to 10.
    expect(reference).toEqual([expect.closeTo(0.1, 12), expect.closeTo(11, 12)]);
    expect(sweeps.map((trials) => trials.map(({ value }) => value))).toEqual([
      [expect.closeTo(0.6, 12), expect.closeTo(1.1, 12), null],
      [expect.closeTo(1.1, 12)],
    ]);
  });
});
