import { expect, it } from 'vitest';
import { bestSoFar, rankTrials, type SweepMetrics, type Trial } from './trials.ts';

function trial(number: number, fields: Partial<Trial> = {}): Trial {
  return {
    number,
    state: 'complete',
    params: {},
    value: null,
    lastValue: null,
    values: null,
    violation: fields.state === undefined || fields.state === 'complete' ? 0 : null,
    step: 0,
    metrics: {},
    reason: null,
    attempts: 1,
    worker: null,
    sampler: 'random',
    startedAt: 0,
    finishedAt: number,
    durationSeconds: null,
    ...fields,
  };
}

const ofOneMetric = (goal: 'minimize' | 'maximize'): SweepMetrics => ({
  metric: { name: 'loss', goal, target: null },
  otherMetrics: [],
});

it('ranks complete trials by value in the direction of the goal, equal ones by number', () => {
  const trials = [trial(0, { value: 2 }), trial(1, { value: 1 }), trial(2, { value: 2 })];
  const order = (goal: 'minimize' | 'maximize'): number[] =>
    rankTrials(trials, ofOneMetric(goal)).map((row) => row.trial.number);
  expect(order('minimize')).toEqual([1, 0, 2]);
  expect(order('maximize')).toEqual([0, 2, 1]);
});

it('gives no rank to a trial that is not complete, however good its last report', () => {
  const trials = [trial(0, { state: 'pruned', step: 3, lastValue: 0 }), trial(1, { value: 5 })];
  expect(rankTrials(trials, ofOneMetric('minimize')).map((row) => [row.trial.number, row.rank])).toEqual([
    [1, 1],
    [0, null],
  ]);
});

it('orders pruned trials by the step they reached, then by their last report', () => {
  const pruned = (number: number, step: number, lastValue: number | null): Trial =>
    trial(number, { state: 'pruned', step, lastValue });
  const trials = [pruned(0, 1, 9), pruned(1, 3, null), pruned(2, 3, 4), pruned(3, 3, 7)];
  expect(rankTrials(trials, ofOneMetric('maximize')).map((row) => row.trial.number)).toEqual([3, 2, 1, 0]);
});

it('puts the Pareto front first, then what is second to it, and what breaks a constraint last', () => {
  const metrics: SweepMetrics = {
    metric: { name: 'accuracy', goal: 'maximize', target: null },
    otherMetrics: [
      { name: 'size', goal: 'minimize' },
      { name: 'latency', min: null, max: 9 },
    ],
  };
  const outcome = (number: number, value: number, size: number, violation = 0): Trial =>
    trial(number, { value, values: { accuracy: value, size, latency: 9 + violation }, violation });
  const trials = [
    outcome(0, 0.5, 5),
    outcome(1, 0.8, 9),
    outcome(2, 0.99, 1, 3),
    outcome(3, 0.9, 9),
    outcome(4, 0.99, 1, 2),
    outcome(5, 0.7, 8),
    trial(6, { state: 'running' }),
  ];
  expect(rankTrials(trials, metrics).map((row) => [row.trial.number, row.rank, row.front])).toEqual([
    [3, 1, 1],
    [5, 2, 1],
    [0, 3, 1],
    [1, 4, 2],
    [4, 5, null],
    [2, 6, null],
    [6, null, null],
  ]);
  expect(bestSoFar(trials, 'maximize').map(({ best }) => best)).toEqual([0.5, 0.8, 0.9, 0.9]);
});

it('draws the best so far in the order in which trials ended, not in that of their numbers', () => {
  const trials = [
    trial(0, { value: 3, finishedAt: 30 }),
    trial(1, { value: 5, finishedAt: 10 }),
    trial(2, { value: 4, finishedAt: 20 }),
    trial(3, { state: 'running' }),
    trial(4, { value: Number.POSITIVE_INFINITY, finishedAt: 5 }),
  ];
  expect(bestSoFar(trials, 'minimize')).toEqual([
    { number: 1, value: 5, best: 5 },
    { number: 2, value: 4, best: 4 },
    { number: 0, value: 3, best: 3 },
  ]);
});
