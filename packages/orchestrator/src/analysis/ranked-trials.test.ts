import { expect, it } from 'vitest';
import { openSweep } from '../store/testing/sample-sweeps.ts';
import { nineTrials, ORDER_OF_NINE, SEVERAL_METRICS } from '../store/testing/several-metrics.ts';
import { createRng } from '../study/rng.ts';
import { leaderboardRows, rankedTrials, rankTrials, summarizeWhole } from './index.ts';
import { trialRow } from './testing/trial-rows.ts';

it('ranks by front, then by the first metric; what breaks a constraint comes after, the least first', async () => {
  const { store, sweep, writer } = await openSweep(SEVERAL_METRICS);
  await writer.transaction(nineTrials);
  const ranked = rankedTrials(store, sweep);
  expect(ranked.map(({ trial }) => trial.number)).toEqual(ORDER_OF_NINE);
  expect(ranked.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7, null, null]);
  expect(ranked.map(({ front }) => front)).toEqual([1, 1, 1, 2, 3, null, null, null, null]);
  expect(leaderboardRows(ranked, { severalMetrics: true })[5]).toMatchObject({
    number: 6,
    rank: 6,
    value: 0.1,
    values: { val_accuracy: 0.1, size: 99, latency: 12 },
    feasible: false,
    front: null,
  });
});

it('gives pages and chosen states the ranks that they have in the whole', async () => {
  const { store, sweep, writer } = await openSweep(SEVERAL_METRICS);
  await writer.transaction(nineTrials);
  const all = rankedTrials(store, sweep);
  for (const [offset, limit] of [
    [0, 2],
    [2, 3],
    [4, 100],
  ] as const) {
    expect(rankedTrials(store, sweep, { offset, limit })).toEqual(all.slice(offset, offset + limit));
  }
  const complete = rankedTrials(store, sweep, { states: ['complete'] });
  expect(complete.map(({ trial, rank }) => [trial.number, rank])).toEqual(
    all.slice(0, 7).map(({ trial, rank }) => [trial.number, rank]),
  );
});

it('keeps to the order of the store where one metric is optimised within constraints', async () => {
  const { metric, otherMetrics } = SEVERAL_METRICS;
  const bounded = { metric, otherMetrics: otherMetrics.slice(1) };
  const { store, sweep, writer } = await openSweep(bounded);
  await writer.transaction(nineTrials);
  const ranked = rankedTrials(store, sweep, { limit: 8 });
  expect(ranked.map(({ trial }) => trial.number)).toEqual([3, 4, 1, 5, 0, 6, 2, 7]);
  expect(ranked.every(({ front }) => front === null)).toBe(true);
  expect(store.sweep(sweep.id)?.best).toMatchObject({ number: 3 });
});

it('agrees with taking the front away again and again, on random trials with ties', () => {
  const rng = createRng(8, 0, 'ranking');
  const metrics = {
    metric: { name: 'a', goal: 'minimize' },
    otherMetrics: [
      { name: 'b', goal: 'maximize' },
      { name: 'c', goal: 'minimize' },
    ],
  } as const;
  const trials = Array.from({ length: 80 }, (_, n) => {
    const values = { a: rng.int(6), b: rng.int(6), c: rng.int(6) };
    return trialRow(n, { value: values.a, values, violation: 0 });
  });
  trials.sort((x, y) => x.value! - y.value! || x.number - y.number);
  const beats = (x: (typeof trials)[number], y: (typeof trials)[number]): boolean => {
    const [p, q] = [x.values!, y.values!];
    const noWorse = p.a! <= q.a! && p.b! >= q.b! && p.c! <= q.c!;
    return noWorse && (p.a! < q.a! || p.b! > q.b! || p.c! < q.c!);
  };
  const expected: Array<[number, number]> = [];
  for (let rest = trials, front = 1; rest.length > 0; front++) {
    const best = rest.filter((one) => !rest.some((other) => beats(other, one)));
    expected.push(...best.map(({ number }): [number, number] => [number, front]));
    rest = rest.filter((one) => !best.includes(one));
  }
  const ranked = rankTrials(metrics, trials);
  expect(ranked.map(({ trial, front }) => [trial.number, front])).toEqual(expected);
});

it('has the front in a summary of several metrics, and nothing new in one of one metric', async () => {
  const { store, sweep, writer } = await openSweep(SEVERAL_METRICS);
  await writer.transaction(nineTrials);
  const summary = summarizeWhole(store, store.sweep(sweep.id)!);
  expect(summary.best).toEqual({ number: 3, value: 0.9, params: expect.anything() });
  expect(summary.front).toMatchObject([
    { number: 3, value: 0.9, values: { val_accuracy: 0.9, size: 9, latency: 1 } },
    { number: 1 },
    { number: 0 },
  ]);
  const plain = await openSweep();
  expect(Object.keys(summarizeWhole(plain.store, plain.sweep))).not.toContain('front');
});
