import { expect, it, vi } from 'vitest';
import type { SweepRequest } from '../store/index.ts';
import { type RunningSweep, runSweep, storedSweep, train } from './testing/running-sweep.ts';
import type { ScriptedRun } from './testing/scripted-worker.ts';

const WAIT_MS = 20_000;
const retry = { maxAttempts: 3, backoffMs: 10, on: [], never: [], elsewhere: ['GPU is lost'] };

async function fail(run: ScriptedRun, kind: 'crash' | 'throw', message: string): Promise<void> {
  await run.started();
  await run.finish({ kind: 'failed', error: { kind, message } });
  await run.committed();
}

async function twoWorkers(runCap: number): Promise<RunningSweep> {
  const { store, sweep } = await storedSweep({ runCap, retry });
  const running = await runSweep(store, sweep, 2);
  await vi.waitFor(() => expect(store.workers(sweep.id)).toHaveLength(2), WAIT_MS);
  return running;
}

async function outcome({ store, sweep }: RunningSweep, request: SweepRequest): Promise<string> {
  const id = await store.addRequest(sweep.id, request);
  return await vi.waitFor(
    () => store.request(id)?.outcome ?? Promise.reject(new Error('no outcome')),
    WAIT_MS,
  );
}

it('keeps a worker off on which different trials crash while another one succeeds, until it is released', async () => {
  const running = await twoWorkers(60);
  const [bad, fine] = [running.workers[0]!, running.workers[1]!];
  const failed = new Set<number>();
  const first = await bad.take();
  failed.add(first.job.trial);
  await fail(first, 'crash', 'ended by SIGSEGV');
  while (failed.size < 3) {
    const good = await fine.take();
    await train(good, [1]);
    await good.committed();
    const run = await bad.take();

    failed.add(run.job.trial);
    await fail(run, 'crash', 'ended by SIGSEGV');
  }
  await vi.waitFor(async () => expect(await bad.orders()).toMatchObject({ keptOff: true }), WAIT_MS);
  expect(await fine.orders()).toMatchObject({ keptOff: false });
  const { store, sweep } = running;
  const rows = () => store.workers(sweep.id).filter(({ quarantine }) => quarantine !== null);
  expect(rows()).toMatchObject([
    { id: bad.info.id, quarantine: expect.stringContaining('ended by SIGSEGV') },
  ]);
  expect(running.notices.join('\n')).toContain('tfsweep release scripted-0');

  expect(await outcome(running, { kind: 'release-worker', worker: 'nobody' })).toContain('refused');
  expect(await outcome(running, { kind: 'release-worker', worker: 'scripted-0' })).toContain('trials again');
  await vi.waitFor(async () => expect(await bad.orders()).toMatchObject({ keptOff: false }), WAIT_MS);
  expect(rows()).toEqual([]);
});

it('gives a trial whose worker lost its device to another one, at no cost to the trial', async () => {
  const running = await twoWorkers(6);
  const [bad, fine] = [running.workers[0]!, running.workers[1]!];
  const run = await bad.take();
  await fail(run, 'throw', 'GPU is lost');
  await vi.waitFor(async () => expect(await bad.orders()).toMatchObject({ keptOff: true }), WAIT_MS);
  for (;;) {
    const next = await Promise.race([fine.take(), running.ended]);
    if (!('job' in next)) break;
    await train(next, [1]);
  }
  expect(await running.ended).toMatchObject({ state: 'complete' });
  expect(running.store.trial(running.sweep.id, run.job.trial)).toMatchObject({
    state: 'complete',
    failures: 0,
  });
});

it('tries again on the only worker that there is, and counts it', async () => {
  const { store, sweep } = await storedSweep({ runCap: 1, retry });
  const { worker, ended } = await runSweep(store, sweep);
  await fail(await worker.take(), 'throw', 'GPU is lost');
  await train(await worker.take(), [1]);
  expect(await ended).toMatchObject({ state: 'complete' });
  expect(store.trial(sweep.id, 0)).toMatchObject({ attempts: 2, failures: 1 });
});

it('knows in its next life who is in quarantine and who was told to leave', async () => {
  const running = await twoWorkers(6);
  const [bad, leaving] = [running.workers[0]!, running.workers[1]!];
  // Where this machine is so slow that the other worker counts as dead, it takes the blame for the next one.
  while (!(await bad.orders()).keptOff) await fail(await bad.take(), 'throw', 'GPU is lost');
  expect(await outcome(running, { kind: 'drain-worker', worker: 'scripted-1' })).toContain('leaves when');
  expect(await outcome(running, { kind: 'drain-worker', worker: 'x' })).toContain(
    'there is scripted-0, scripted-1',
  );
  // Another loop takes over, as after a crash.
  await outcome(running, { kind: 'set', set: ['run_cap=7'] });
  await vi.waitFor(async () => {
    expect(await bad.orders()).toEqual({ keptOff: true, drain: false });
    expect(await leaving.orders()).toEqual({ keptOff: false, drain: true });
  }, WAIT_MS);
});
