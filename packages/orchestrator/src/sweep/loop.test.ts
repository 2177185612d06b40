import { expect, it, vi } from 'vitest';
import { DONE as done, sweepWith, train } from './testing/running-sweep.ts';

it('asks, trains and ranks until the run cap is reached', async () => {
  const { worker, ended, store, sweep } = await sweepWith({ runCap: 3 });
  for (const loss of [0.3, 0.1, 0.2]) await train(await worker.take(), [1, loss]);
  expect(await ended).toEqual({ kind: 'ended', state: 'complete', reason: null });
  expect(store.sweep(sweep.id)).toMatchObject({
    state: 'complete',
    counts: { complete: 3 },
    best: { number: 1, value: 0.1 },
  });
});

it('counts an event once that is sent twice, and tells the worker what it may forget', async () => {
  const { worker, ended, store, sweep } = await sweepWith({ runCap: 1 });
  const run = await worker.take();
  await run.started();
  await run.repeatLast();
  await run.report(1, { loss: 0.5 });
  await run.repeatLast();
  await vi.waitFor(() => expect(worker.acknowledged.get(run.runId)).toBe(2));
  expect(store.reports(sweep.id, 0)).toHaveLength(1);
  await run.finish(done);
  expect(await ended).toMatchObject({ state: 'complete' });
});

it('gives a silent run up, trains its trial again, and drops what the old run still says', async () => {
  const { worker, ended, store, sweep } = await sweepWith({ runCap: 1 });
  const lost = await worker.take();
  await lost.started();
  await lost.report(1, { loss: 9 });
  worker.forget(lost);
  const again = await worker.take();
  expect(again.job).toMatchObject({ trial: 0, attempt: 2, params: lost.job.params, seed: lost.job.seed });
  await again.started();
  await lost.report(2, { loss: 8 });
  await vi.waitFor(() => expect(worker.stops).toContainEqual(expect.objectContaining({ runId: lost.runId })));
  await again.report(1, { loss: 0.5 });
  await again.finish(done);
  await ended;
  expect(store.trial(sweep.id, 0)).toMatchObject({ state: 'complete', value: 0.5, attempts: 2, failures: 0 });
  expect(store.attempts(sweep.id, 0).map((attempt) => attempt.outcome)).toEqual(['lost', 'complete']);
});

it('fails a trial that reports NaN, and one that never reports the metric, and goes on', async () => {
  const { worker, ended, store, sweep } = await sweepWith({ runCap: 3 });
  const nan = await worker.take();
  await nan.started();
  await nan.report(1, { loss: Number.NaN });
  await nan.finish({ kind: 'stopped' });
  const other = await worker.take();
  await other.started();
  await other.report(1, { accuracy: 1 });
  await other.finish(done);
  await train(await worker.take(), [0.5]);
  expect(await ended).toMatchObject({ state: 'complete' });
  expect(store.trials(sweep.id).map((trial) => trial.error?.kind ?? null)).toEqual([
    'nan',
    'no_metric',
    null,
  ]);
  expect(store.trial(sweep.id, 1)?.reason).toContain('Reported were: accuracy');
});

it('keeps a trial pruned whose trainer completes after all, and keeps its value as a report', async () => {
  const { worker, ended, store, sweep } = await sweepWith({
    runCap: 2,
    fidelity: { unit: 'steps', min: 1, max: 4 },
    earlyTerminate: { type: 'median', startupTrials: 1, warmupSteps: 0 },
  });
  await train(await worker.take(), [0.1, 0.1, 0.1, 0.1]);
  const bad = await worker.take();
  await bad.started();
  await bad.report(1, { loss: 5 });
  await vi.waitFor(() => expect(worker.stops).toContainEqual(expect.objectContaining({ trial: 1 })));
  await bad.finish({ kind: 'complete', values: { loss: 0.01 } });
  await ended;
  expect(store.trial(sweep.id, 1)).toMatchObject({ state: 'pruned', value: null });
  expect(store.sweep(sweep.id)?.best).toMatchObject({ number: 0 });
  expect(store.reports(sweep.id, 1).at(-1)?.values).toEqual({ loss: 0.01 });
});

it('fails a trial whose workers die three times, while others live', async () => {
  const { worker, ended, store, sweep } = await sweepWith({ runCap: 1 });
  for (let attempt = 1; attempt <= 3; attempt++) {
    const run = await worker.take();
    await run.started();
    worker.forget(run);
  }
  expect(await ended).toMatchObject({ state: 'failed' });
  expect(store.trial(sweep.id, 0)).toMatchObject({ state: 'failed', attempts: 3 });
  expect(store.trial(sweep.id, 0)?.reason).toContain('kills its worker');
});

it('stops what waits and what runs when a request says so', async () => {
  const { worker, ended, store, sweep, states } = await sweepWith({ runCap: 5 });
  const run = await worker.take();
  await run.started();
  await run.report(1, { loss: 0.5 });
  await vi.waitFor(() => expect(states()).toEqual(['running', 'queued']));
  await store.addRequest(sweep.id, { kind: 'stop' });
  await vi.waitFor(() => expect(worker.stops).toContainEqual(expect.objectContaining({ trial: 0 })));
  await run.finish({ kind: 'stopped' });
  expect(await ended).toMatchObject({ state: 'stopped' });
  expect(states()).toEqual(['stopped', 'stopped']);
});

it('is paused by an interrupt once its runs are handed back, without losing or failing any', async () => {
  const { worker, ended, store, sweep, interrupt, states } = await sweepWith({ runCap: 5 });
  const run = await worker.take();
  await run.started();
  await vi.waitFor(() => expect(states()[0]).toBe('running'));
  interrupt.abort();
  await run.finish({ kind: 'returned', reason: 'the worker is stopped', refused: false });
  expect(await ended).toEqual({ kind: 'interrupted' });
  expect(store.sweep(sweep.id)).toMatchObject({ state: 'paused' });
  expect(states()).toEqual(['queued', 'queued']);
  expect(store.trial(sweep.id, 0)).toMatchObject({ attempts: 1, failures: 0 });
});

it('ends when the only worker refuses the sweep, with the reason', async () => {
  const { worker, ended } = await sweepWith({ runCap: 5 });
  const run = await worker.take();
  await run.finish({ kind: 'returned', reason: 'its trainer has another hash here', refused: true });
  expect(await ended).toMatchObject({ state: 'failed', reason: expect.stringContaining('another hash') });
});

it('hears the next run of a trial that was tried again from its first word on', async () => {
  const { worker, ended, store, sweep } = await sweepWith({
    runCap: 1,
    retry: { maxAttempts: 3, backoffMs: 1, on: ['once'], never: [], elsewhere: [] },
  });
  const first = await worker.take();
  await first.started();
  await first.report(1, { loss: 1 });
  await first.finish({ kind: 'failed', error: { kind: 'throw', message: 'once' } });
  const second = await worker.take();
  await second.started();
  await vi.waitFor(() => expect(store.trial(sweep.id, 0)?.state).toBe('running'));
  await second.report(1, { loss: 0.5 });
  await second.finish(done);
  expect(await ended).toMatchObject({ state: 'complete' });
  expect(store.attempts(sweep.id, 0).map(({ outcome }) => outcome)).toEqual(['failed', 'complete']);
});
