import { describe, expect, it } from 'vitest';
import type { SchedulerConfig } from '../config/sweep-config.ts';
import { createScheduler } from './index.ts';
import fixture from './testing/optuna-pruners.json' with { type: 'json' };

/** Made by testing/generate_fixtures.py: the reports of 40 trials, and where Optuna's pruners end each of them. */
const curves = fixture.curves as Array<Array<[step: number, value: number]>>;
const stops: Record<string, Array<number | null>> = fixture.stops;

const CONFIGS: Readonly<Record<string, SchedulerConfig>> = {
  median: { type: 'median', startupTrials: 3, warmupSteps: 2 },
  'percentile 25': {
    type: 'percentile',
    percentile: 25,
    startupTrials: 2,
    warmupSteps: 3,
    intervalSteps: 3,
    minTrials: 4,
  },
  'percentile 80': {
    type: 'percentile',
    percentile: 80,
    startupTrials: 1,
    warmupSteps: 0,
    intervalSteps: 1,
    minTrials: 1,
  },
  threshold: { type: 'threshold', lower: 0.2, upper: 1.6, warmupSteps: 2, intervalSteps: 2 },
  wilcoxon: { type: 'wilcoxon', pThreshold: 0.1, startupSteps: 3 },
};

/** The index from 1 of the report at which each trial ends; null: it completes, with the mean as its value. */
function decide(config: SchedulerConfig, goal: 'minimize' | 'maximize'): Array<number | null> {
  const sign = goal === 'maximize' ? -1 : 1;
  const scheduler = createScheduler(config, 12, goal);
  return curves.map((curve, number) => {
    for (const [i, [step, value]] of curve.entries()) {
      if (scheduler.onReport({ number, step, loss: sign * value }) === null) continue;
      scheduler.onEnd(number, 'pruned');
      return i + 1;
    }
    const mean = curve.reduce((sum, [, value]) => sum + value, 0) / curve.length;
    scheduler.onEnd(number, 'complete', sign * mean);
    return null;
  });
}

describe("Optuna's pruners", () => {
  it.each(Object.entries(stops))('end the same trials at the same steps: %s', (title, expected) => {
    const [name, goal] = title.split(', ') as [string, 'minimize' | 'maximize'];
    expect(decide(CONFIGS[name]!, goal)).toEqual(expected);
  });
});

describe('threshold', () => {
  const config = { type: 'threshold', lower: null, upper: 2, warmupSteps: 0, intervalSteps: 1 } as const;

  it('ends what is not a number at once, and what is above its bound', () => {
    const threshold = createScheduler(config, null, 'maximize');
    expect(threshold.onReport({ number: 0, step: 1, loss: Number.POSITIVE_INFINITY })).toMatch(/not finite/);
    expect(threshold.onReport({ number: 1, step: 1, loss: -2 })).toBeNull();
    expect(threshold.onReport({ number: 1, step: 2, loss: -2.5 })).toBe(
      'threshold: 2.5 at step 2 is above 2',
    );
  });
});

describe('wilcoxon', () => {
  const config = { type: 'wilcoxon', pThreshold: 0.1, startupSteps: 0 } as const;
  const folds = [0.3, 0.5, 0.4, 0.35, 0.45];

  it('pairs the folds by their step, in whatever order they come, and never ends a trial with an infinite loss', () => {
    const wilcoxon = createScheduler(config, null);
    for (const [i, loss] of folds.entries()) wilcoxon.onReport({ number: 0, step: i + 1, loss });
    wilcoxon.onEnd(0, 'complete', 0.4);
    const shuffled = [5, 3, 1, 2];
    // p = 1/2^n where all n differences are positive: below 0.1 from the fourth fold on.
    const verdicts = shuffled.map((step) =>
      wilcoxon.onReport({ number: 1, step, loss: folds[step - 1]! + 0.01 * step }),
    );
    expect(verdicts).toEqual([
      null,
      null,
      null,
      'wilcoxon: worse than trial 0 on 4 common steps (p = 0.063)',
    ]);
    expect(wilcoxon.onReport({ number: 1, step: 4, loss: Number.POSITIVE_INFINITY })).toBeNull();
  });

  it('compares with the best complete trial by its value, of equals the earliest', () => {
    const wilcoxon = createScheduler(config, null);
    const run = (number: number, shift: number, told: number): void => {
      for (const [i, loss] of folds.entries()) wilcoxon.onReport({ number, step: i + 1, loss: loss + shift });
      wilcoxon.onEnd(number, 'complete', told);
    };
    run(2, 0, 0.4);
    run(1, -0.1, 0.4);
    run(0, 0, 0.6);
    for (const step of [1, 2, 3]) wilcoxon.onReport({ number: 3, step, loss: folds[step - 1]! + 0.2 });
    expect(wilcoxon.onReport({ number: 3, step: 4, loss: 9 })).toContain('worse than trial 1');
  });
});

/** Keras' EarlyStopping, over the whole history at each report. */
function isOutOfPatience(losses: readonly number[], patience: number, minDelta: number): boolean {
  let best = losses[0]!;
  let wait = 0;
  for (const loss of losses.slice(1)) {
    if (loss < best - minDelta) [best, wait] = [loss, 0];
    else wait += 1;
  }
  return wait >= patience;
}

describe('patience', () => {
  it.each([
    [1, 0],
    [2, 0.1],
    [4, 0.05],
  ])('ends a trial after %i reports without an improvement by more than %d', (patience, minDelta) => {
    let ended = 0;
    for (const [number, curve] of curves.entries()) {
      const scheduler = createScheduler({ type: 'patience', patience, minDelta, wraps: null }, null);
      const losses = curve.map(([, loss]) => loss);
      for (const [i, [step, loss]] of curve.entries()) {
        const stop = scheduler.onReport({ number, step, loss }) !== null;
        expect(stop).toBe(isOutOfPatience(losses.slice(0, i + 1), patience, minDelta));
        if (stop) ended++;
      }
    }
    expect(ended).toBeGreaterThan(10);
  });

  it('forgets what a new attempt does again', () => {
    const patience = createScheduler({ type: 'patience', patience: 2, minDelta: 0, wraps: null }, null);
    for (const step of [1, 2]) expect(patience.onReport({ number: 0, step, loss: 1 })).toBeNull();
    for (const step of [1, 2]) expect(patience.onReport({ number: 0, step, loss: 1 })).toBeNull();
    expect(patience.onReport({ number: 0, step: 3, loss: 1 })).toMatch(/no improvement in 2 reports/);
  });

  it('around another scheduler lets a trial go on that still improves, and that the other one keeps', () => {
    const median = { type: 'median', startupTrials: 1, warmupSteps: 0 } as const;
    const patience = createScheduler({ type: 'patience', patience: 2, minDelta: 0, wraps: median }, null);
    for (const step of [1, 2, 3, 4]) patience.onReport({ number: 0, step, loss: 1 });
    patience.onEnd(0, 'complete', 1);
    const verdicts = (number: number, losses: readonly number[]): boolean[] =>
      losses.map((loss, i) => patience.onReport({ number, step: i + 1, loss }) !== null);
    expect(verdicts(1, [5, 4, 3, 2])).toEqual([false, false, false, false]);
    expect(verdicts(2, [5, 5, 5, 5])).toEqual([false, false, true, true]);
    expect(verdicts(3, [0.5, 0.5, 0.5, 0.5])).toEqual([false, false, false, false]);
  });

  it('around asha ends a trial between rungs, by the latest rung, once it is out', () => {
    const asha = { type: 'asha', minIter: 2, maxIter: 8, eta: 2 } as const;
    const patience = createScheduler({ type: 'patience', patience: 2, minDelta: 0, wraps: asha }, null);
    for (const step of [1, 2, 3, 4]) patience.onReport({ number: 0, step, loss: 1 });
    const verdicts = [9, 8, 7, 7, 7].map((loss, i) => patience.onReport({ number: 1, step: i + 1, loss }));
    expect(verdicts).toEqual([
      null,
      null,
      null,
      null,
      'asha: place 2 of 2 at step 4, where the best 1 go on',
    ]);
  });
});
