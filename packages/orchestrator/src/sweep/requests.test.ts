import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { SweepRequest } from '../store/index.ts';
import { testConfig } from './testing/config.ts';
import { DONE, type RunningSweep, runSweep, storedSweep, sweepWith, train } from './testing/running-sweep.ts';

const WAIT_MS = 20_000;

async function outcome({ store, sweep }: RunningSweep, request: SweepRequest): Promise<string> {
  const id = await store.addRequest(sweep.id, request);
  return await vi.waitFor(() => {
    const settled = store.request(id)?.outcome ?? null;
    expect(settled).not.toBeNull();
    return settled!;
  }, WAIT_MS);
}

const failed = {
  kind: 'failed',
  error: { kind: 'throw', message: 'out of luck' },
} as const;

describe('a sweep on hold', () => {
  it('begins nothing, hears what runs to its end, and goes on when it is told to', async () => {
    const running = await sweepWith({ runCap: 3 });
    const { worker, ended, store, sweep, states } = running;
    const run = await worker.take();
    await run.started();
    await vi.waitFor(() => expect(states()).toEqual(['running', 'queued']), WAIT_MS);
    expect(await outcome(running, { kind: 'pause' })).toBe('paused; 1 running trial goes on to the end');
    expect(store.sweep(sweep.id)).toMatchObject({ state: 'paused', reason: 'paused on request' });
    await run.report(1, { loss: 1 });
    await run.finish(DONE);
    await vi.waitFor(() => expect(states()).toEqual(['complete', 'queued']), WAIT_MS);
    expect(await worker.offered()).toBe(false);

    expect(await outcome(running, { kind: 'resume' })).toBe('goes on');
    expect(store.sweep(sweep.id)).toMatchObject({ state: 'running', reason: null });
    await train(await worker.take(), [1]);
    await train(await worker.take(), [1]);
    expect(await ended).toMatchObject({ state: 'complete' });
  });

  it('stays on hold where its settings change meanwhile', async () => {
    const running = await sweepWith({ runCap: 5 });
    const { worker, ended, store, sweep } = running;
    await outcome(running, { kind: 'pause' });
    await outcome(running, { kind: 'set', set: ['run_cap=1', 'resources.max_concurrent=1'] });
    expect(store.sweep(sweep.id)).toMatchObject({
      state: 'paused',
      config: { runCap: 1, resources: { maxConcurrent: 1 } },
    });
    expect(await worker.offered()).toBe(false);
    await outcome(running, { kind: 'resume' });
    await train(await worker.take(), [1]);
    expect(await ended).toMatchObject({ state: 'complete' });
  });

  it('runs when it is started anew, whatever was asked of the orchestrator before', async () => {
    const { store, sweep } = await storedSweep({ runCap: 1 });
    const ids = [
      await store.addRequest(sweep.id, { kind: 'pause' }),
      await store.addRequest(sweep.id, { kind: 'stop' }),
    ];
    const { worker, ended } = await runSweep(store, sweep);
    const run = await Promise.race([worker.take(), ended]);
    if ('job' in run) await train(run, [1]);
    expect(await ended).toMatchObject({ state: 'complete' });
    for (const id of ids) expect(store.request(id)?.outcome).toContain('started again');
  });
});

describe('a failed trial', () => {
  it('is tried again once, as a trial of its own, and no longer counts as a failure', async () => {
    const running = await sweepWith({
      runCap: 2,
      budget: { wallclockMs: null, trialWallclockMs: null, maxFailed: 0, gpuHours: null },
    });
    const { worker, ended, store, sweep } = running;
    await outcome(running, { kind: 'set', set: ['budget.max_failed=1'] });
    const run = await worker.take();
    await run.started();
    await run.finish(failed);
    await vi.waitFor(() => expect(store.trial(sweep.id, 0)?.state).toBe('failed'), WAIT_MS);
    expect(await outcome(running, { kind: 'retry', number: 0 })).toMatch(
      /^trial 0 is tried again as trial \d$/,
    );
    expect(await outcome(running, { kind: 'retry', number: 0 })).toContain('tried again already');
    expect(await outcome(running, { kind: 'retry', number: 9 })).toContain('no trial 9');
    // Without the first one this is the only failure that counts.
    await outcome(running, { kind: 'set', set: ['budget.max_failed=0'] });
    for (let left = 2; left > 0; left--) await train(await worker.take(), [1]);
    expect(await ended).toMatchObject({ state: 'complete' });
    const again = store.trials(sweep.id).find(({ retryOf }) => retryOf === 0);
    expect(again).toMatchObject({ state: 'complete', params: run.job.params, sampler: 'retry' });
    expect(store.sweep(sweep.id)?.counts).toMatchObject({ complete: 2, failed: 1 });
  });

  it('of a sweep that ended is tried again when the sweep is resumed', async () => {
    const { store, sweep } = await storedSweep({ runCap: 1 });
    const first = await runSweep(store, sweep);
    const run = await first.worker.take();
    await run.started();
    await run.finish(failed);
    expect(await first.ended).toMatchObject({ state: 'failed' });
    await store.addRequest(sweep.id, { kind: 'retry', number: 0 });
    const second = await runSweep(store, store.sweep(sweep.id)!);
    await train(await second.worker.take(), [1]);
    expect(await second.ended).toMatchObject({ state: 'complete' });
    expect(store.trials(sweep.id).map(({ state, retryOf }) => [state, retryOf])).toEqual([
      ['failed', null],
      ['complete', 0],
    ]);
  });
});

describe('what is asked of a sweep that has ended', () => {
  const budget = { wallclockMs: null, trialWallclockMs: null, maxFailed: null, gpuHours: null };

  it('trains a failed trial again, although the failure had ended the sweep', async () => {
    const { store, sweep } = await storedSweep({ runCap: 1, budget: { ...budget, maxFailed: 0 } });
    const first = await runSweep(store, sweep);
    const run = await first.worker.take();
    await run.started();
    await run.finish(failed);
    expect(await first.ended).toMatchObject({ state: 'failed', limit: 'budget.max_failed' });
    await store.addRequest(sweep.id, { kind: 'retry', number: 0 });
    const second = await runSweep(store, store.sweep(sweep.id)!);
    await train(await second.worker.take(), [1]);
    expect(await second.ended).toMatchObject({ state: 'complete' });
    expect(second.states()).toEqual(['failed', 'complete']);
  });

  it('waits where too many others have failed still', async () => {
    const { store, sweep } = await storedSweep({ runCap: 5, budget: { ...budget, maxFailed: 1 } });
    const first = await runSweep(store, sweep);
    for (let left = 2; left > 0; left--) {
      const run = await first.worker.take();
      await run.started();
      await run.finish(failed);
    }
    await first.ended;
    await store.addRequest(sweep.id, { kind: 'set', set: ['budget.max_failed=0'] });
    const id = await store.addRequest(sweep.id, { kind: 'retry', number: 0 });
    const second = await runSweep(store, store.sweep(sweep.id)!);
    expect(await second.ended).toMatchObject({ state: 'failed', limit: 'budget.max_failed' });
    expect(store.request(id)?.outcome).toBeNull();
    await store.addRequest(sweep.id, { kind: 'retry', number: 1 });
    const third = await runSweep(store, store.sweep(sweep.id)!);
    for (let left = 2; left > 0; left--) await train(await third.worker.take(), [1]);
    await vi.waitFor(() => expect(store.sweep(sweep.id)?.counts.complete).toBe(2));
    expect(store.trials(sweep.id, { states: ['complete'] }).map(({ retryOf }) => retryOf)).toEqual([0, 1]);
  });

  it('waits for a budget that leaves room for it', async () => {
    const { store, sweep } = await storedSweep({
      runCap: 5,
      metric: { name: 'loss', goal: 'minimize', target: 0.5, reduce: { type: 'last' } },
    });
    const first = await runSweep(store, sweep);
    await train(await first.worker.take(), [0.1]);
    expect(await first.ended).toMatchObject({ state: 'complete', limit: 'metric.target' });
    const before = first.states();
    const id = await store.addRequest(sweep.id, { kind: 'enqueue', params: { x: 0.25 } });
    const second = await runSweep(store, store.sweep(sweep.id)!);
    expect(await second.ended).toMatchObject({ state: 'complete', limit: 'metric.target' });
    expect(store.request(id)?.outcome).toBeNull();
    expect(second.states()).toEqual(before);

    await store.addRequest(sweep.id, { kind: 'set', set: ['metric.target=0.01', 'run_cap=1'] });
    const third = await runSweep(store, store.sweep(sweep.id)!);
    const chosen = await third.worker.take();
    expect(chosen.job.params).toEqual({ x: 0.25 });
    await train(chosen, [0.2]);
    expect(await third.ended).toMatchObject({ state: 'complete' });
    expect(store.request(id)?.outcome).toContain('is queued');
  });
});

describe('a trial of the user’s choice', () => {
  it('is trained with what was given, and refused where the space has no such point', async () => {
    const running = await sweepWith({ runCap: 1 });
    const { worker, ended, store, sweep } = running;
    const run = await worker.take();
    await run.started();
    expect(await outcome(running, { kind: 'enqueue', params: { x: 0.25 } })).toContain('trial 1 is queued');
    expect(await outcome(running, { kind: 'enqueue', params: { x: 7 } })).toMatch(/^refused: .*`x`/);
    await run.report(1, { loss: 1 });
    await run.finish(DONE);
    const chosen = await worker.take();
    expect(chosen.job.params).toEqual({ x: 0.25 });
    await train(chosen, [0.5]);
    expect(await ended).toMatchObject({ state: 'complete' });
    expect(store.sweep(sweep.id)?.counts.complete).toBe(2);
  });
});

it('changes the number of trials while the sweep runs, without losing what runs', async () => {
  const running = await sweepWith({ runCap: 1 });
  const { worker, ended, store, sweep } = running;
  const run = await worker.take();
  await run.started();
  await run.report(1, { loss: 3 });
  expect(await outcome(running, { kind: 'set', set: ['run_cap=2'] })).toBe('run_cap=2: from now on');
  expect(await outcome(running, { kind: 'set', set: ['method=grid'] })).toMatch(/^refused: .*can't change/);
  await run.report(2, { loss: 2 });
  await run.finish(DONE);
  await train(await worker.take(), [1]);
  expect(await ended).toMatchObject({ state: 'complete' });
  expect(store.attempts(sweep.id).map(({ outcome: end }) => end)).toEqual(['complete', 'complete']);
  expect(store.trial(sweep.id, 0)).toMatchObject({ value: 2, attempts: 1 });
});

describe('a change of settings while the sweep runs', () => {
  const changed: SweepRequest = { kind: 'set', set: ['run_cap=5'] };

  it('changes no trainer, whatever has become of its file', async () => {
    const { store, sweep, dir } = await storedSweep({
      runCap: 3,
      trainer: { kind: 'module', module: 'train.mjs', args: {} },
    });
    writeFileSync(join(dir, 'train.mjs'), 'export default 1;');
    const running = await runSweep(store, sweep);
    const run = await running.worker.take();
    await run.started();
    writeFileSync(join(dir, 'train.mjs'), 'export default 2;');
    await outcome(running, changed);
    await run.report(1, { loss: 1 });
    await run.finish(DONE);
    for (let left = 2; left > 0; left--) {
      const next = await running.worker.take();
      expect(next.job.trainer).toEqual(run.job.trainer);
      await train(next, [1]);
    }
  });

  it('forgets no worker that died under a trial', async () => {
    const running = await sweepWith({ runCap: 1 });
    const { worker, store, sweep } = running;
    for (let attempt = 1; attempt <= 3; attempt++) {
      const run = await worker.take();
      expect(run.job).toMatchObject({ trial: 0, attempt });
      await run.started();
      worker.forget(run);
      await vi.waitFor(
        () => expect(store.attempts(sweep.id, 0)[attempt - 1]?.outcome ?? null).not.toBeNull(),
        5_000,
      );
      if (attempt < 3) await outcome(running, { kind: 'set', set: ['retry.max_attempts=5'] });
    }
    expect(store.trial(sweep.id, 0)).toMatchObject({ state: 'failed', attempts: 3 });
    expect(await running.ended).toMatchObject({ state: 'failed' });
  });

  it('lets no trial off the time that it waits for its next attempt', async () => {
    const running = await sweepWith({ runCap: 1, retry: { ...testConfig().retry, backoffMs: 60_000 } });
    const { worker, store, sweep } = running;
    const crashed = await worker.take();
    await crashed.started();
    await crashed.finish({ kind: 'failed', error: { kind: 'crash', message: 'ended by SIGSEGV' } });
    await vi.waitFor(() => expect(store.trial(sweep.id, 0)).toMatchObject({ state: 'queued', failures: 1 }));
    await outcome(running, { kind: 'set', set: ['retry.max_attempts=5'] });
    expect(await worker.offered()).toBe(false);
  });

  it('does not forget what the first trials failed of', async () => {
    const running = await sweepWith({ runCap: 9 });
    const { worker, ended } = running;
    for (let left = 3; left > 0; left--) {
      const run = await worker.take();
      await run.started();
      await run.finish(failed);
      if (left > 1) await outcome(running, changed);
    }
    expect(await ended).toMatchObject({
      state: 'failed',
      reason: 'the first 3 trials failed with the same error',
    });
  });

  it('is refused where it would have to change workers that run already', async () => {
    const running = await sweepWith({ runCap: 1 });
    for (const key of ['trials_per_gpu', 'gpus_per_trial']) {
      const said = await outcome(running, { kind: 'set', set: [`resources.${key}=2`] });
      expect(said).toMatch(/^refused: /);
      expect(said).toContain(`resume --set resources.${key}=`);
    }
  });
});

it('stops one trial that waits, and says what has become of one that is over', async () => {
  const running = await sweepWith({ runCap: 2 });
  const { worker, ended, states } = running;
  const run = await worker.take();
  await run.started();
  await vi.waitFor(() => expect(states()).toEqual(['running', 'queued']), WAIT_MS);
  expect(await outcome(running, { kind: 'stop-trial', number: 1 })).toBe('trial 1 stopped');
  expect(await outcome(running, { kind: 'stop-trial', number: 1 })).toBe(
    'refused: trial 1 is already stopped',
  );
  await run.report(1, { loss: 1 });
  await run.finish(DONE);
  expect(await ended).toMatchObject({ state: 'complete' });
  expect(states()).toEqual(['complete', 'stopped']);
});
