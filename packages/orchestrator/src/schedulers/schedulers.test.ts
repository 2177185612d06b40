import { describe, expect, it } from 'vitest';
import { createAsha } from './asha.ts';
import { createHyperband, hyperbandRungs } from './hyperband.ts';
import { createHyperbandBrackets } from './hyperband-brackets.ts';
import { createMedian } from './percentile.ts';
import { rungsFrom } from './rungs.ts';
import type { Scheduler } from './scheduler.ts';

/** Reports losses[i] at step i+1 until the scheduler stops the trial. @returns the step of the stop, or null. */
function run(scheduler: Scheduler, number: number, losses: readonly number[]): number | null {
  for (const [i, loss] of losses.entries()) {
    if (scheduler.onReport({ number, step: i + 1, loss }) === null) continue;
    scheduler.onEnd(number, 'pruned');
    return i + 1;
  }
  scheduler.onEnd(number, 'complete');
  return null;
}

const flat = (loss: number, steps: number): number[] => new Array<number>(steps).fill(loss);

describe('rungs', () => {
  it('are six from 1 to 243 at eta 3, where a logarithm would lose one', () => {
    expect(rungsFrom(1, 243, 3)).toEqual([1, 3, 9, 27, 81, 243]);
    expect(rungsFrom(2, 16, 2)).toEqual([2, 4, 8, 16]);
    expect(rungsFrom(1, 10, 1.5)).toEqual([1, 2, 3, 5, 7]);
    expect(rungsFrom(1, 1_000_000, 10)).toHaveLength(7);
  });
});

describe('asha', () => {
  it('keeps the best 1/eta of those that crossed a rung, once there are eta of them', () => {
    const asha = createAsha({ minIter: 1, maxIter: 9, eta: 3 });
    expect(run(asha, 0, flat(5, 9))).toBeNull();
    expect(run(asha, 1, flat(6, 9))).toBeNull();
    expect(run(asha, 2, flat(7, 9))).toBe(1);
    expect(run(asha, 3, flat(4, 9))).toBeNull();
    expect(run(asha, 4, flat(4.5, 9))).toBe(1);
  });

  it('judges only at the rungs, and by the loss that is reported there', () => {
    const asha = createAsha({ minIter: 3, maxIter: 27, eta: 3 });
    for (const number of [0, 1, 2]) run(asha, number, flat(1, 27));
    expect(run(asha, 3, [9, 9, 0.5, 9, 9, 9, 9, 9, 2])).toBe(9);
  });

  it('judges at the first report behind a rung where none falls on it', () => {
    const asha = createAsha({ minIter: 3, maxIter: 27, eta: 3 });
    for (const number of [0, 1, 2]) run(asha, number, flat(1, 27));
    expect(asha.onReport({ number: 3, step: 2, loss: 5 })).toBeNull();
    expect(asha.onReport({ number: 3, step: 4, loss: 5 })).toMatch(/asha: place 4 of 4 at step 3/);
  });

  it('has nothing to stop at the last step', () => {
    const asha = createAsha({ minIter: 1, maxIter: 3, eta: 3 });
    for (const number of [0, 1, 2]) run(asha, number, flat(1, 3));
    expect(asha.onReport({ number: 3, step: 3, loss: 99 })).toBeNull();
  });

  it('counts a trial that ended by itself at the later rungs too', () => {
    const asha = createAsha({ minIter: 1, maxIter: 9, eta: 3 });
    for (const number of [0, 1, 2]) run(asha, number, flat(1, 2));
    expect(asha.onReport({ number: 3, step: 3, loss: 2 })).toMatch(/place 4 of 4 at step 3/);
  });

  it('lets a new attempt take the place of the one before', () => {
    const asha = createAsha({ minIter: 1, maxIter: 9, eta: 2 });
    run(asha, 0, flat(3, 9));
    expect(asha.onReport({ number: 1, step: 1, loss: 4 })).not.toBeNull();
    expect(asha.onReport({ number: 1, step: 1, loss: 2 })).toBeNull();
    expect(asha.onReport({ number: 2, step: 1, loss: 2.5 })).toMatch(/place 2 of 3/);
  });
});

describe('hyperband', () => {
  const options = { minIter: 1, maxIter: null, eta: 3, s: null, strict: false };

  it("takes W&B's keys: min_iter counts up, max_iter with s counts down", () => {
    expect(hyperbandRungs({ ...options, minIter: 3, maxIter: 30 })).toEqual([3, 9, 27]);
    expect(hyperbandRungs({ ...options, maxIter: 243, s: null })).toEqual([1, 3, 9, 27, 81, 243]);
    expect(hyperbandRungs({ ...options, maxIter: 27, s: 2 })).toEqual([3, 9]);
    expect(hyperbandRungs({ ...options, maxIter: 5, eta: 2, s: 2 })).toEqual([1, 2]);
    expect(hyperbandRungs({ ...options, maxIter: 27, s: 10 })).toEqual([1, 3, 9]);
  });

  it("decides as the example in W&B's own source does", () => {
    const stop = (strict: boolean): Array<boolean> => {
      const hyperband = createHyperband({ minIter: 1, maxIter: 5, eta: 2, s: 2, strict });
      const histories = [
        [10, 9],
        [10, 10],
        [10, 8, 8],
        [10, 7, 7],
        [10, 6, 6],
      ];
      for (const [number, losses] of histories.entries())
        for (const [i, loss] of losses.entries()) hyperband.onReport({ number, step: i + 1, loss });
      // Asked again with everything known: b (10 at step 2) stops, c and d go on.
      return [1, 2, 3].map((number) => {
        const losses = histories[number]!;
        return hyperband.onReport({ number, step: losses.length, loss: losses.at(-1)! }) !== null;
      });
    };
    expect(stop(false)).toEqual([true, false, false]);
  });

  it('lets a trial recover after a rung, unless it is strict', () => {
    const judge = (strict: boolean): string | null => {
      const hyperband = createHyperband({ ...options, maxIter: 9, strict });
      for (const number of [0, 1, 2, 3]) run(hyperband, number, flat(1, 9));
      hyperband.onReport({ number: 4, step: 1, loss: 5 });
      return hyperband.onReport({ number: 4, step: 2, loss: 0.5 });
    };
    expect(judge(false)).toBeNull();
    expect(judge(true)).toMatch(/hyperband: worse at step 1 than 4 of 5 trials/);
  });
});

describe('median', () => {
  it('waits for the start-up trials and the warm-up steps', () => {
    const median = createMedian({ startupTrials: 3, warmupSteps: 2 });
    for (const number of [0, 1, 2]) expect(run(median, number, [number, number, number])).toBeNull();
    expect(run(median, 3, flat(9, 3))).toBe(2);
  });

  it('compares the best so far with the median of the complete trials at that step', () => {
    const median = createMedian({ startupTrials: 4, warmupSteps: 0 });
    for (const [number, loss] of [1, 2, 3, 10].entries()) run(median, number, [loss, loss]);
    expect(run(median, 4, [2.5, 99])).toBeNull();
    expect(run(median, 5, [2.6, 2.6])).toBe(1);
  });

  it('lets pruned and running trials neither count nor set the median', () => {
    const median = createMedian({ startupTrials: 2, warmupSteps: 0 });
    run(median, 0, [5]);
    median.onReport({ number: 1, step: 1, loss: 1 });
    median.onEnd(1, 'pruned');
    median.onReport({ number: 2, step: 1, loss: 1 });
    expect(run(median, 3, [7])).toBeNull();
    expect(run(median, 4, [7])).toBe(1);
  });

  it('has no opinion on a step that no complete trial has reported', () => {
    const median = createMedian({ startupTrials: 1, warmupSteps: 0 });
    run(median, 0, [1, 1]);
    expect(median.onReport({ number: 1, step: 7, loss: 100 })).toBeNull();
  });

  it('forgets a value that a new attempt has corrected', () => {
    const median = createMedian({ startupTrials: 1, warmupSteps: 0 });
    run(median, 0, [1, 1]);
    expect(median.onReport({ number: 1, step: 1, loss: 0.5 })).toBeNull();
    expect(median.onReport({ number: 1, step: 1, loss: 2 })).not.toBeNull();
  });
});

describe('every scheduler', () => {
  it.each([
    ['asha', () => createAsha({ minIter: 1, maxIter: 81, eta: 3 })],
    ['hyperband', () => createHyperband({ minIter: 1, maxIter: 81, eta: 3, s: null, strict: false })],
    ['hyperband with brackets', () => createHyperbandBrackets({ minIter: 1, maxIter: 81, eta: 3 })],
    ['median', () => createMedian({ startupTrials: 5, warmupSteps: 0 })],
  ])('%s saves most of the steps and keeps the best trial', (_, create) => {
    const scheduler = create();
    let steps = 0;
    let bestKept = Number.POSITIVE_INFINITY;
    for (let number = 0; number < 300; number++) {
      const end = ((number * 7919) % 300) / 300;
      const losses = Array.from({ length: 81 }, (_, i) => end + 1 / (i + 1));
      const stopped = run(scheduler, number, losses);
      steps += stopped ?? 81;
      if (stopped === null) bestKept = Math.min(bestKept, end);
    }
    expect(bestKept).toBe(0);
    expect(steps).toBeLessThan(0.65 * 300 * 81);
  });
});
