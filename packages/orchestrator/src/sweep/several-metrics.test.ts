import { expect, it } from 'vitest';
import { replayStudy } from './replay.ts';
import { DONE, type RunningSweep, runSweep, storedSweep, sweepWith } from './testing/running-sweep.ts';

const last = { type: 'last' } as const;
const SEVERAL = {
  metric: { name: 'accuracy', goal: 'maximize', target: null, reduce: last },
  otherMetrics: [
    { name: 'size', goal: 'minimize', target: null, reduce: last },
    { name: 'latency', min: null, max: 10, reduce: last },
  ],
} as const;

async function trial({ worker }: RunningSweep, values: Record<string, number>): Promise<void> {
  const run = await worker.take();
  await run.started();
  await run.finish({ kind: 'complete', values });
}

it('keeps the values of all metrics, and has the best feasible trial as its best', async () => {
  const running = await sweepWith({ ...SEVERAL, runCap: 3 });
  await trial(running, { accuracy: 0.99, size: 5, latency: 11 });
  await trial(running, { accuracy: 0.7, size: 10, latency: 3, other: 1 });
  await trial(running, { accuracy: 0.8, size: 20, latency: 4 });
  expect(await running.ended).toMatchObject({ state: 'complete' });
  const { store, sweep } = running;
  expect(store.sweep(sweep.id)?.best).toMatchObject({ number: 2, value: 0.8 });
  expect(store.trials(sweep.id, { ranked: true }).map(({ number }) => number)).toEqual([2, 1, 0]);
  expect(store.trials(sweep.id).map(({ violation }) => violation)).toEqual([1, 0, 0]);
  expect(store.trial(sweep.id, 1)).toMatchObject({
    value: 0.7,
    values: { accuracy: 0.7, size: 10, latency: 3 },
    metrics: { other: 1 },
  });
});

it('comes back from the store as it was: values, violations, the curve and the front', async () => {
  const running = await sweepWith({ ...SEVERAL, runCap: 3 });
  const run = await running.worker.take();
  await run.started();
  await run.report(1, { accuracy: 0.5, size: 9 });
  await run.report(2, { latency: 4 });
  await run.report(3, { accuracy: 0.6, other: 2 });
  await run.finish(DONE);
  await trial(running, { accuracy: 0.9, size: 30, latency: 12 });
  await trial(running, { accuracy: 0.5, size: 3, latency: 2 });
  await running.ended;
  const { store, sweep } = running;
  const study = replayStudy(store, sweep.id, sweep.config);
  expect(study.trials()).toMatchObject([
    {
      values: { accuracy: 0.6, size: 9, latency: 4 },
      violation: 0,
      reports: [
        { step: 1, value: 0.5 },
        { step: 3, value: 0.6 },
      ],
    },
    { values: { accuracy: 0.9 }, violation: 2 },
    { values: { size: 3 }, violation: 0 },
  ]);
  expect(study.front().map(({ number }) => number)).toEqual([0, 2]);
});

it('fails a trial that never had one of the metrics, and names those that it had', async () => {
  const running = await sweepWith({ ...SEVERAL, runCap: 2 });
  await trial(running, { accuracy: 0.9, sise: 3 });
  await trial(running, { accuracy: 0.9, size: Number.NaN, latency: 1 });
  await running.ended;
  const [missing, nan] = running.store.trials(running.sweep.id);
  expect(missing).toMatchObject({ state: 'failed', error: { kind: 'no_metric' } });
  expect(missing!.reason).toContain('without ever reporting size, latency. Reported were: accuracy, sise.');
  expect(nan).toMatchObject({
    state: 'failed',
    error: { kind: 'nan' },
    reason: expect.stringContaining('size'),
  });
});

it('is complete, without a best, when all its trials break a constraint', async () => {
  const running = await sweepWith({ ...SEVERAL, runCap: 1 });
  await trial(running, { accuracy: 0.9, size: 3, latency: 11 });
  expect(await running.ended).toMatchObject({ state: 'complete' });
  expect(running.store.sweep(running.sweep.id)).toMatchObject({ best: null, counts: { complete: 1 } });
});

it('ends when one feasible trial reaches all targets, not when two reach one each', async () => {
  const targets = {
    metric: { ...SEVERAL.metric, target: 0.9 },
    otherMetrics: [{ ...SEVERAL.otherMetrics[0], target: 10 }, SEVERAL.otherMetrics[1]],
  };
  const running = await sweepWith({ ...targets, runCap: 20 });
  await trial(running, { accuracy: 0.95, size: 50, latency: 1 });
  await trial(running, { accuracy: 0.5, size: 5, latency: 1 });
  await trial(running, { accuracy: 0.95, size: 5, latency: 11 });
  await trial(running, { accuracy: 0.9, size: 10, latency: 10 });
  expect(await running.ended).toMatchObject({
    state: 'complete',
    reason: 'one trial reached all targets: accuracy 0.9, size 10',
  });
});

it('gives the study what it knows of earlier sweeps, as it was at launch', async () => {
  const { store } = await storedSweep({});
  const transfer = [
    {
      name: 'before',
      trials: [
        { params: { x: 0.1 }, loss: 3 },
        { params: { x: 0.2 }, loss: Infinity },
      ],
    },
    { name: 'empty', trials: [] },
  ];
  const { testConfig } = await import('./testing/config.ts');
  const sweep = await store.createSweep({ config: testConfig(), source: '', configDir: '', transfer });
  expect(store.transfer(sweep.id)).toEqual(transfer);
});

it('gives later trials the values that a resume fixes', async () => {
  const { store, sweep } = await storedSweep({ runCap: 2 });
  const first = await runSweep(store, sweep);
  await trial(first, { loss: 1 });
  await trial(first, { loss: 2 });
  await first.ended;
  const config = { ...sweep.config, runCap: 4, fixed: { x: 0.25 } };
  const second = await runSweep(store, { ...store.sweep(sweep.id)!, config });
  await trial(second, { loss: 3 });
  await trial(second, { loss: 4 });
  expect(await second.ended).toMatchObject({ state: 'complete' });
  const xs = store.trials(sweep.id).map(({ params }) => params.x);
  expect(xs.slice(2)).toEqual([0.25, 0.25]);
  expect(xs.slice(0, 2)).not.toContain(0.25);
  expect(store.sweep(sweep.id)?.config.fixed).toEqual({ x: 0.25 });
});
