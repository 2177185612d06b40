import { describe, expect, it } from 'vitest';
import { EndingWatch, type FinishedTrial } from './ending.ts';
import { testConfig } from './testing/config.ts';

const complete = (value: number): FinishedTrial => ({ state: 'complete', value, error: null });
const failed = (message: string): FinishedTrial => ({
  state: 'failed',
  value: null,
  error: { kind: 'throw', message },
});

describe('what ends a sweep early', () => {
  it('is a complete trial at the target, in the direction of the goal', () => {
    const metric = { name: 'loss', goal: 'minimize', target: 0.1, reduce: { type: 'last' } } as const;
    const watch = new EndingWatch(testConfig({ metric }));
    watch.observe(complete(0.11), 'this');
    expect(watch.check(1, 0)).toBeNull();
    watch.observe(complete(0.1), 'this');
    expect(watch.check(1, 0)).toMatchObject({
      state: 'complete',
      reason: 'loss reached its target: 0.1 (target 0.1)',
    });
  });

  it('is one error in the first three trials, but not three different ones, nor three later ones', () => {
    const same = new EndingWatch(testConfig());
    for (let i = 0; i < 3; i++) same.observe(failed('no such layer'), 'this');
    expect(same.check(1, 0)).toMatchObject({ state: 'failed', error: { message: 'no such layer' } });

    const numbered = new EndingWatch(testConfig());
    for (const layer of [1, 2, 3]) numbered.observe(failed(`no input for flatten_Flatten${layer}`), 'this');
    expect(numbered.check(1, 0)).toMatchObject({ state: 'failed' });

    const different = new EndingWatch(testConfig());
    for (const message of ['a', 'b', 'c']) different.observe(failed(message), 'this');
    expect(different.check(1, 0)).toBeNull();

    const diverged = new EndingWatch(testConfig());
    for (let i = 0; i < 3; i++) {
      const error = { kind: 'diverged', message: 'The training diverged' } as const;
      diverged.observe({ state: 'failed', value: null, error }, 'this');
    }
    expect(diverged.check(1, 0)).toBeNull();

    const later = new EndingWatch(testConfig());
    for (const trial of [complete(1), failed('a'), failed('a'), failed('a')]) later.observe(trial, 'this');
    expect(later.check(1, 0)).toBeNull();
  });

  it('is not the error of an earlier life: whoever resumes has mended the trainer', () => {
    const watch = new EndingWatch(testConfig());
    for (let i = 0; i < 3; i++) watch.observe(failed('no such layer'), 'earlier');
    expect(watch.check(1, 0)).toBeNull();
  });

  it('is more failures than the budget allows, those of earlier lives included', () => {
    const watch = new EndingWatch(
      testConfig({ budget: { wallclockMs: null, trialWallclockMs: null, maxFailed: 2, gpuHours: null } }),
    );
    watch.observe(failed('a'), 'earlier');
    watch.observe(failed('b'), 'this');
    expect(watch.check(1, 0)).toBeNull();
    watch.observe(failed('c'), 'this');
    expect(watch.check(1, 0)).toMatchObject({
      state: 'failed',
      reason: '3 trials failed; budget.max_failed is 2',
    });
  });

  it('is the wall clock over all lives', () => {
    const watch = new EndingWatch(
      testConfig({
        budget: { wallclockMs: 60_000, trialWallclockMs: null, maxFailed: null, gpuHours: null },
      }),
    );
    expect(watch.check(59.9, 0)).toBeNull();
    expect(watch.check(60, 0)).toMatchObject({ state: 'complete' });
  });
});

it('ends where the GPU hours are used up, and not before', () => {
  const budget = { wallclockMs: null, trialWallclockMs: null, maxFailed: null, gpuHours: 0.5 };
  const watch = new EndingWatch(testConfig({ budget }));
  expect(watch.check(1e6, 1799)).toBeNull();
  expect(watch.check(0, 1800)).toEqual({
    state: 'complete',
    reason: 'budget.gpu_hours of 0.5 is used up',
    limit: 'budget.gpu_hours',
  });
});
