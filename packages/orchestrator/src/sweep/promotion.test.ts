import { expect, it, vi } from 'vitest';
import type { SweepConfig } from '../config/sweep-config.ts';
import type { Store } from '../store/index.ts';
import { DONE, type RunningSweep, runSweep, storedSweep } from './testing/running-sweep.ts';
import type { ScriptedRun } from './testing/scripted-worker.ts';

const MAX = 9;
const PROMOTING: Partial<SweepConfig> = {
  runCap: 9,
  fidelity: { unit: 'steps', min: 1, max: MAX },
  earlyTerminate: { type: 'asha', minIter: 1, maxIter: MAX, eta: 3, mode: 'promotion' },
  checkpoints: { every: 1, keep: ['best', 'latest'] },
};

/** Later trials are better, so that promotions come from everywhere; the loss falls with the steps. */
const lossOf = (trial: number, step: number): number => 10 - trial + 1 / step;

/** Trains what the job asks for and keeps a checkpoint at its end. */
async function obey(run: ScriptedRun): Promise<void> {
  const { trial, budget } = run.job;
  await run.started();
  // Now the next one is asked for, whatever this one will report.
  await run.committed();
  for (let step = budget.from + 1; step <= budget.to!; step++)
    await run.report(step, { loss: lossOf(trial, step) });
  await run.checkpoint(budget.to!);
  await run.finish(DONE);
}

interface Order {
  readonly trial: number;
  readonly from: number;
  readonly to: number | null;
}

/** One worker that obeys until the sweep is over, or until `enough`; then it hands back what it has. */
async function work(
  { worker, ended, interrupt }: RunningSweep,
  enough = Number.POSITIVE_INFINITY,
): Promise<Order[]> {
  const orders: Order[] = [];
  let over = false;
  void ended.finally(() => {
    over = true;
  });
  for (;;) {
    const run = await Promise.race([worker.take(), ended]);
    if (over || !('job' in run)) return orders;
    const { trial, budget } = run.job;
    if (orders.length === enough) {
      await run.started();
      interrupt.abort();
      await run.finish({ kind: 'returned', reason: 'the worker is stopped', refused: false });
      await ended;
      return orders;
    }
    orders.push({ trial, from: budget.from, to: budget.to });
    await obey(run);
  }
}

const outcomes = (store: Store, sweep: string, number: number): Array<string | null> =>
  store.attempts(sweep, number).map(({ outcome }) => outcome);

it('pauses every trial at its rung, and lets the best go on from their checkpoints', async () => {
  const { store, sweep } = await storedSweep(PROMOTING);
  const running = await runSweep(store, sweep);
  const orders = await work(running);
  expect(await running.ended).toEqual({ kind: 'ended', state: 'complete', reason: null });

  const fresh = orders.filter(({ from }) => from === 0);
  expect(fresh.map(({ trial, to }) => [trial, to])).toEqual(
    Array.from({ length: 9 }, (_, trial) => [trial, 1]),
  );
  const second = orders.filter(({ from }) => from === 1);
  const third = orders.filter(({ from }) => from === 3);
  expect(second.every(({ to }) => to === 3)).toBe(true);
  expect(second.length).toBeGreaterThanOrEqual(3);
  expect(third).toContainEqual({ trial: 8, from: 3, to: 9 });
  expect(orders).toHaveLength(fresh.length + second.length + third.length);

  const complete = store.trials(sweep.id, { states: ['complete'] });
  expect(complete.map(({ number }) => number)).toEqual(third.map(({ trial }) => trial).toSorted());
  expect(complete.every(({ value, number }) => value === lossOf(number, MAX))).toBe(true);
  expect(store.sweep(sweep.id)).toMatchObject({
    counts: { complete: third.length, pruned: 9 - third.length, paused: 0 },
    best: { number: 8 },
  });
  expect(outcomes(store, sweep.id, 8)).toEqual(['complete', 'complete', 'complete']);
  expect(store.attempts(sweep.id, 8).map(({ reason }) => reason)).toEqual([
    'waits at step 1',
    'waits at step 3',
    null,
  ]);
  expect(store.reports(sweep.id, 8).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(store.trial(sweep.id, 0)).toMatchObject({
    state: 'pruned',
    reason: 'not promoted from step 1',
    step: 1,
  });
  expect(running.notices).toEqual([]);
});

it('goes on in another life where it was, with the same orders', async () => {
  const whole = await storedSweep(PROMOTING);
  const expected = await work(await runSweep(whole.store, whole.sweep));

  const { store, sweep } = await storedSweep(PROMOTING);
  const orders: Order[] = [];
  for (const enough of [5, 4, Number.POSITIVE_INFINITY]) {
    const life = await runSweep(store, store.sweep(sweep.id)!);
    orders.push(...(await work(life, enough)));
    for (const { number } of store.trials(sweep.id, { states: ['paused'] }))
      expect(outcomes(store, sweep.id, number).at(-1)).toBe('complete');
  }
  // Whoever was asked for when a life ended is asked for once more.
  expect(orders.map(({ trial, from, to }) => `${trial}: ${from} to ${to}`)).toEqual(
    expected.map(({ trial, from, to }) => `${trial}: ${from} to ${to}`),
  );
  expect(store.trials(sweep.id).map(({ state, value }) => [state, value])).toEqual(
    whole.store.trials(whole.sweep.id).map(({ state, value }) => [state, value]),
  );
});

it('trains a promoted trial again whose worker died, from its newest checkpoint', async () => {
  const { store, sweep } = await storedSweep({ ...PROMOTING, runCap: 3 });
  const { worker, ended } = await runSweep(store, sweep);
  for (let i = 0; i < 3; i++) await obey(await worker.take());
  const lost = await worker.take();
  expect(lost.job).toMatchObject({ trial: 2, attempt: 2, budget: { from: 1, to: 3 } });
  await lost.started();
  await lost.report(2, { loss: 7 });
  const path = await lost.checkpoint(2);
  worker.forget(lost);
  const again = await worker.take();
  expect(again.job).toMatchObject({
    trial: 2,
    attempt: 3,
    budget: { from: 2, to: 3 },
    checkpoint: { step: 2, path },
  });
  await obey(again);
  await obey(await worker.take());
  expect(await ended).toMatchObject({ state: 'complete' });
  expect(outcomes(store, sweep.id, 2)).toEqual(['complete', 'lost', 'complete', 'complete']);
  expect(store.trial(sweep.id, 2)).toMatchObject({ state: 'complete', failures: 0 });
});

it('completes a trial that ends by itself before its rung, and fails one that never reports', async () => {
  const { store, sweep } = await storedSweep({
    ...PROMOTING,
    runCap: 3,
    earlyTerminate: { type: 'asha', minIter: 3, maxIter: MAX, eta: 3, mode: 'promotion' },
  });
  const { worker, ended } = await runSweep(store, sweep);
  const early = await worker.take();
  await early.started();
  await early.report(2, { loss: 0.5 });
  await early.finish(DONE);
  const silent = await worker.take();
  await silent.started();
  await silent.finish({ kind: 'complete', values: { loss: 0.1 } });
  await obey(await worker.take());
  expect(await ended).toMatchObject({ state: 'complete' });
  expect(store.trials(sweep.id).map(({ state }) => state)).toEqual(['complete', 'failed', 'pruned']);
  expect(store.trial(sweep.id, 1)?.reason).toContain("can't be compared at step 3");
});

it('says once that nothing was saved where a trial waits, and completes one that trained on to the end', async () => {
  const { store, sweep } = await storedSweep({ ...PROMOTING, runCap: 3 });
  const { worker, ended, notices } = await runSweep(store, sweep);
  for (let trial = 0; trial < 2; trial++) {
    const run = await worker.take();
    await run.started();
    await run.report(1, { loss: trial });
    await run.finish(DONE);
  }
  const deaf = await worker.take();
  await deaf.started();
  for (let step = 1; step <= MAX; step++) await deaf.report(step, { loss: 5 });
  await deaf.finish(DONE);
  const promoted = await worker.take();
  expect(promoted.job).toMatchObject({ trial: 0, budget: { from: 0, to: 3 }, checkpoint: null });
  await promoted.started();
  for (let step = 1; step <= 3; step++) await promoted.report(step, { loss: 0 });
  await promoted.checkpoint(3);
  await promoted.finish(DONE);
  expect(await ended).toMatchObject({ state: 'complete' });
  expect(store.trials(sweep.id).map(({ state }) => state)).toEqual(['pruned', 'pruned', 'complete']);
  expect(notices).toEqual([
    'trial 0 has saved no checkpoint at step 1: a trial that is promoted trains again from step 0',
  ]);
});

it('gives up what waits when a request stops it, or the sweep', async () => {
  const { store, sweep } = await storedSweep({ ...PROMOTING, runCap: 20 });
  const { worker, ended, states } = await runSweep(store, sweep);
  for (let i = 0; i < 2; i++) await obey(await worker.take());
  await vi.waitFor(() => expect(states().slice(0, 2)).toEqual(['paused', 'paused']));
  await store.addRequest(sweep.id, { kind: 'stop-trial', number: 0 });
  await vi.waitFor(() => expect(states()[0]).toBe('pruned'));
  await store.addRequest(sweep.id, { kind: 'stop' });
  expect(await ended).toMatchObject({ state: 'stopped' });
  expect(states().slice(0, 2)).toEqual(['pruned', 'pruned']);
  expect(store.trial(sweep.id, 0)?.reason).toBe('stopped on request');
});

it('takes no rung for a result where the sweep ends while a trial comes to it', async () => {
  const { store, sweep } = await storedSweep({ ...PROMOTING, runCap: 20 });
  const { worker, ended, states } = await runSweep(store, sweep);
  const run = await worker.take();
  await run.started();
  await vi.waitFor(() => expect(states()[0]).toBe('running'));
  await store.addRequest(sweep.id, { kind: 'stop' });
  await vi.waitFor(() => expect(worker.stops).toContainEqual(expect.objectContaining({ trial: 0 })));
  await run.report(1, { loss: 0.1 });
  await run.checkpoint(1);
  await run.finish(DONE);
  expect(await ended).toMatchObject({ state: 'stopped' });
  expect(store.trial(sweep.id, 0)).toMatchObject({ state: 'pruned', reason: 'not promoted from step 1' });
  expect(store.sweep(sweep.id)?.best).toBeNull();
});

it('ends a sweep in which nothing gets better any more', async () => {
  const { store, sweep } = await storedSweep({ runCap: 50, terminate: { stagnation: 3, regret: null } });
  const { worker, ended } = await runSweep(store, sweep);
  const losses = [0.5, 0.4, 0.6, 0.7, 0.4];
  for (const loss of losses) {
    const run = await worker.take();
    await run.started();
    await run.report(1, { loss });
    await run.finish(DONE);
  }
  expect(await ended).toEqual({
    kind: 'ended',
    state: 'complete',
    reason: 'the last 3 trials brought nothing better (terminate.stagnation)',
  });
  expect(store.sweep(sweep.id)?.counts).toMatchObject({ complete: 5, failed: 0 });
});
