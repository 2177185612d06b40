import { describe, expect, it } from 'vitest';
import { OpenTrials } from './open-trials.ts';
import { clockOf, hearEvent, hearHeartbeat, lastSeen, ranMs, startClock } from './run-clock.ts';

function runningSince(now: number, { at }: { at: number }) {
  const trials = new OpenTrials();
  const trial = trials.add({ number: 0, params: {}, phase: 'running', gpus: 0.5 });
  startClock(trial, at, now);
  return { trials, trial };
}

describe('the clock of a run', () => {
  it('goes up to the last sign of life, and not beyond', () => {
    const { trials, trial } = runningSince(10_000, { at: 0 });
    expect(ranMs(trial)).toBe(0);
    hearHeartbeat(trial, 12_000);
    hearEvent(trial, 2_500, 12_600);
    expect(ranMs(trial)).toBe(2_500);
    hearHeartbeat(trial, 14_000);
    expect(trials.gpuMs()).toBe(2_000);
    trial.phase = 'closing';
    expect(trials.gpuMs()).toBe(0);
  });

  it.each([
    ['is set back in the middle', -1e12, 0],
    ['is set forward in the middle', 1e12, 5_000],
    ['is a day ahead all the time', 86_400_000 + 3_000, 3_000],
  ])(
    'charges no more than has passed, and no less than nothing, where the worker’s clock %s',
    (_, at, ran) => {
      const { trial } = runningSince(1_000, { at: ran === 3_000 ? 86_400_000 : 500 });
      hearEvent(trial, at, 6_000);
      expect(ranMs(trial)).toBe(ran);
    },
  );

  it('goes on in a later life from what an earlier one has seen', () => {
    const now = performance.now();
    const seenAt = Date.now() - 3_600_000;
    const { trial } = runningSince(0, { at: 0 });
    Object.assign(trial, clockOf({ startedAt: 77, ranMs: 4_000, seenAt }, now));
    expect(ranMs(trial)).toBeCloseTo(4_000);
    expect(Math.abs(lastSeen(trial) - seenAt)).toBeLessThan(1_000);
    expect(trial.startedBy).toBe(77);
    hearHeartbeat(trial, now);
    expect(ranMs(trial) / 1_000).toBeCloseTo(3_604, 0);
  });

  it('takes no time that lies in the future for a sign of life', () => {
    const { trial } = runningSince(0, { at: 0 });
    Object.assign(trial, clockOf({ startedAt: 0, ranMs: 10, seenAt: Date.now() + 1e9 }, 5_000));
    expect(trial.seenAt).toBe(5_000);
    expect(ranMs(trial)).toBe(10);
  });
});
