import { describe, expect, it } from 'vitest';
import { createPureStudy } from '../study/index.ts';
import { EventQueue } from './event-queue.ts';
import { type SimulationOptions, simulate } from './index.ts';

const study = (options: Partial<Parameters<typeof createPureStudy>[0]> = {}) =>
  createPureStudy({
    parameters: [{ name: 'x', distribution: { kind: 'float', low: 0, high: 1, log: false }, when: [] }],
    metric: { goal: 'minimize', reduce: { type: 'last' } },
    method: 'random',
    sampler: { type: 'auto', options: {} },
    scheduler: null,
    seed: 1,
    runCap: 10,
    maxStep: null,
    points: [],
    ...options,
  });

const run = (options: Partial<SimulationOptions>) =>
  simulate({
    study: study(),
    workers: 1,
    play: ({ x }) => ({ reports: [], seconds: 1, value: Number(x) }),
    ...options,
  });

it('gives events back by time, equal ones in the order in which they came', () => {
  const queue = new EventQueue<string>();
  for (const [time, name] of [
    [3, 'd'],
    [1, 'a'],
    [2, 'c'],
    [1, 'b'],
    [3, 'e'],
    [0, 'start'],
  ] as const)
    queue.add(time, name);
  const names: string[] = [];
  for (let next = queue.next(); next !== null; next = queue.next()) names.push(next.event);
  expect(names).toEqual(['start', 'a', 'b', 'c', 'd', 'e']);
  expect(queue.size).toBe(0);
});

describe('a simulation', () => {
  it('runs one trial after the other on one worker', () => {
    const { trials, seconds, busySeconds } = run({});
    expect(trials.map(({ number, startedAt, endedAt }) => [number, startedAt, endedAt])).toEqual(
      Array.from({ length: 10 }, (_, n) => [n, n, n + 1]),
    );
    expect([seconds, busySeconds]).toEqual([10, 10]);
  });

  it('keeps every worker busy until the trials run out', () => {
    // Two workers, lengths 3 1 1 1: the second worker takes trials 1, 2 and 3 while the first has trial 0.
    const lengths = [3, 1, 1, 1];
    const { trials, seconds, busySeconds } = run({
      workers: 2,
      study: study({ runCap: 4 }),
      play: (_, number) => ({ reports: [], seconds: lengths[number]!, value: number }),
    });
    expect(trials.map(({ number }) => number)).toEqual([1, 2, 0, 3]);
    expect([seconds, busySeconds]).toEqual([3, 6]);
  });

  it('asks with the results of all trials that are over, and no others', () => {
    const log: string[] = [];
    const inner = study({ runCap: 5 });
    run({
      workers: 3,
      study: {
        ask: () => {
          const asked = inner.ask();
          if (asked !== null) log.push(`ask ${asked.number}`);
          return asked;
        },
        waitsFor: () => inner.waitsFor(),
        report: (number, step, value) => inner.report(number, step, value),
        isAtPause: (number) => inner.isAtPause(number),
        pause: (number) => inner.pause(number),
        enough: () => inner.enough(),
        tell: (number, outcome) => {
          log.push(`tell ${number}`);
          return inner.tell(number, outcome);
        },
      },
    });
    expect(log.join(', ')).toBe('ask 0, ask 1, ask 2, tell 0, ask 3, tell 1, ask 4, tell 2, tell 3, tell 4');
  });

  it('stops a trial at the report that the scheduler stops it at, and gives its worker the next one', () => {
    const scheduled = study({
      scheduler: { type: 'asha', minIter: 1, maxIter: 9, eta: 3 },
      maxStep: 9,
      runCap: 30,
    });
    const { trials, busySeconds } = run({
      study: scheduled,
      play: (_, number) => ({
        // Later trials are worse from the start: all but the first few must end at the first rung.
        reports: Array.from({ length: 9 }, (_unused, k) => ({ at: k + 1, step: k + 1, value: number })),
        seconds: 9,
      }),
    });
    const steps = trials.map((trial) => trial.steps);
    expect(trials.filter(({ state }) => state === 'complete').every((trial) => trial.steps === 9)).toBe(true);
    expect(trials.filter(({ state }) => state === 'pruned').length).toBeGreaterThan(20);
    expect(new Set(steps)).toEqual(new Set([9, 1]));
    expect(busySeconds).toBe(steps.reduce((sum, step) => sum + step, 0));
    expect(scheduled.trials().map(({ state }) => state)).toEqual(trials.map(({ state }) => state));
  });

  it('ends at its time limit: what runs then is stopped', () => {
    const { trials, seconds } = run({ workers: 2, study: study({ runCap: null }), maxSeconds: 3.5 });
    expect(seconds).toBe(3.5);
    expect(trials.filter(({ state }) => state === 'complete').length).toBe(6);
    expect(trials.filter(({ state }) => state === 'stopped').map(({ endedAt }) => endedAt)).toEqual([
      3.5, 3.5,
    ]);
  });

  it('ends once it is enough', () => {
    const { trials } = run({
      workers: 4,
      study: study({ runCap: null }),
      isEnough: ({ number }) => number === 7,
    });
    expect(trials.some(({ number, state }) => number === 7 && state === 'complete')).toBe(true);
    expect(trials.length).toBeLessThanOrEqual(12);
    expect(trials.slice(-3).every(({ state }) => state === 'stopped')).toBe(true);
  });

  it('tells a trial without a value as failed, and goes on', () => {
    const { trials } = run({
      play: (_, number) => ({ reports: [], seconds: 1, value: number % 2 === 0 ? null : 1 }),
    });
    expect(trials.map(({ state }) => state)).toEqual(
      Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? 'failed' : 'complete')),
    );
  });

  it('leaves workers idle where the ordered mode has to wait', () => {
    const lengths = [5, 1, 1, 1];
    const { trials } = run({
      study: study({ lag: 2, runCap: 4 }),
      workers: 3,
      play: (_, number) => ({ reports: [], seconds: lengths[number]!, value: number }),
    });
    // Trial n is asked for once trials 0..n-2 are over: trial 2 waits for trial 0, two workers at most are busy.
    expect(trials.map(({ number, startedAt }) => [number, startedAt])).toEqual([
      [1, 0],
      [0, 0],
      [2, 5],
      [3, 5],
    ]);
  });

  it('ends with the study, where that has nothing left to try', () => {
    expect(run({ study: study({ runCap: 4 }), workers: 3 }).trials.length).toBe(4);
  });

  it('lets paused trials go on where they stopped, on any worker, and pays their start again', () => {
    const promoting = study({
      scheduler: { type: 'asha', minIter: 1, maxIter: 9, eta: 3, mode: 'promotion' },
      maxStep: 9,
      runCap: 9,
    });
    const starts = 0.5;
    const { trials, busySeconds } = run({
      study: promoting,
      workers: 3,
      play: (_, number) => ({
        reports: Array.from({ length: 9 }, (_unused, k) => ({
          at: starts + k + 1,
          step: k + 1,
          value: number,
        })),
        seconds: starts + 9,
        startSeconds: starts,
      }),
    });
    const [best, ...others] = trials.toSorted((a, b) => a.number - b.number);
    expect(best).toMatchObject({ number: 0, state: 'complete', steps: 9, startedAt: 0 });
    expect(new Set(others.map(({ state }) => state))).toEqual(new Set(['pruned']));
    expect(trials.length).toBe(9);
    // A third of nine goes on from step 1, a third of those from step 3: three rungs in all for the best.
    const runs = trials.reduce((sum, { steps }) => sum + { 1: 1, 3: 2, 9: 3 }[steps]!, 0);
    const steps = trials.reduce((sum, trial) => sum + trial.steps, 0);
    expect(busySeconds).toBeCloseTo(steps + starts * runs, 9);
    expect(others.filter((trial) => trial.steps === 3).length).toBe(2);
  });
});
