import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished, vi } from 'vitest';
import { LeaseLostError } from '../store/errors.ts';
import { DATABASE_NAME } from '../store/open-database.ts';
import type { Store } from '../store/types.ts';
import { DONE, type RunningSweep, runSweep, storedSweep, train } from './testing/running-sweep.ts';

const HOUR = 3_600_000;

it('ends by its budget of GPU hours, counts what still runs, and goes on with a larger one', async () => {
  const budget = { wallclockMs: null, trialWallclockMs: null, maxFailed: null, gpuHours: 400 / HOUR };
  const { store, sweep } = await storedSweep({ runCap: 5, budget });
  const first = await runSweep(store, sweep);
  first.worker.info.gpus.push({ index: 0, name: 'a' }, { index: 1, name: 'b' });
  const run = await first.worker.take();
  await run.started();
  await run.report(1, { loss: 1 });
  await vi.waitFor(
    () => expect(first.worker.stops).toContainEqual(expect.objectContaining({ trial: 0 })),
    5_000,
  );
  await run.finish({ kind: 'stopped' });
  expect(await first.ended).toMatchObject({
    state: 'complete',
    reason: expect.stringContaining('budget.gpu_hours'),
  });
  // Two GPUs for at least 200 ms.
  expect(store.sweep(sweep.id)?.gpuSeconds).toBeGreaterThanOrEqual(0.4);
  expect(store.attempts(sweep.id, 0)).toMatchObject([{ gpus: 2, outcome: 'stopped' }]);

  const row = store.sweep(sweep.id)!;
  const config = { ...row.config, runCap: 3, budget: { ...budget, gpuHours: 1 } };
  const second = await runSweep(store, { ...row, config });
  const next = await second.worker.take();
  await next.started();
  await next.report(1, { loss: 1 });
  await next.finish(DONE);
  expect(await second.ended).toMatchObject({ state: 'complete', reason: null });
});

/** The orchestrator is gone as after a `kill -9`: it writes no more, and nothing was said or handed back. */
async function die(store: Store, { ended }: RunningSweep): Promise<void> {
  const raw = new Database(join(store.dir, DATABASE_NAME));
  raw.exec('UPDATE leases SET epoch = epoch + 1, owner = NULL');
  raw.close();
  await expect(ended).rejects.toThrow(LeaseLostError);
}

/** Clocks on the wall, not those that only run on, show a later time from now on. */
function passHours(hours: number): void {
  hoursPassed += hours;
  if (vi.isMockFunction(Date.now)) return;
  const now = Date.now.bind(Date);
  const spy = vi.spyOn(Date, 'now').mockImplementation(() => now() + hoursPassed * HOUR);
  onTestFinished(() => {
    spy.mockRestore();
    hoursPassed = 0;
  });
}
let hoursPassed = 0;

/** One trial on one GPU, in the middle of which the orchestrator dies. */
async function killedWhileTraining({ gpuHours }: { gpuHours: number }) {
  const budget = { wallclockMs: null, trialWallclockMs: null, maxFailed: null, gpuHours };
  const { store, sweep } = await storedSweep({ runCap: 1, budget });
  const first = await runSweep(store, sweep);
  first.worker.info.gpus.push({ index: 0, name: 'a' });
  const run = await first.worker.take();
  await run.started();
  await run.report(1, { loss: 1 });
  await run.committed();
  await die(store, first);
  return { store, sweep, first, run };
}

it('charges a run that died with its orchestrator up to its last sign of life, not for the night until the resume', async () => {
  const { store, sweep, first } = await killedWhileTraining({ gpuHours: 1 });
  await first.worker.close();
  const killedAt = Date.now();

  passHours(15);
  const second = await runSweep(store, store.sweep(sweep.id)!);
  second.worker.info.gpus.push({ index: 0, name: 'a' });
  await Promise.race([second.worker.take().then((next) => train(next, [1])), second.ended]);
  expect(await second.ended).toMatchObject({ state: 'complete', reason: null });
  expect(store.sweep(sweep.id)!.gpuSeconds).toBeLessThan(60);
  expect(store.trial(sweep.id, 0)).toMatchObject({ state: 'complete', attempts: 2 });
  expect(store.trial(sweep.id, 0)!.durationSeconds).toBeLessThan(60);
  const [lost] = store.attempts(sweep.id, 0);
  expect(lost).toMatchObject({ outcome: 'lost' });
  expect(lost!.finishedAt! - killedAt).toBeLessThan(60_000);
});

it('charges a run that went on without its orchestrator for all of its time, and ends by the budget then', async () => {
  const { store, sweep, first, run } = await killedWhileTraining({ gpuHours: 1 });
  passHours(2);
  const second = await runSweep(store, store.sweep(sweep.id)!, 0, null, first.broker);
  await vi.waitFor(() => expect(first.worker.stops).toContainEqual(expect.objectContaining({ trial: 0 })));
  await run.finish({ kind: 'stopped' });
  expect(await second.ended).toMatchObject({ reason: expect.stringContaining('budget.gpu_hours') });
  expect(store.attempts(sweep.id, 0)).toMatchObject([{ outcome: 'stopped' }]);
  expect(store.sweep(sweep.id)!.gpuSeconds).toBeGreaterThanOrEqual(7_200);
});

it('charges a run that ended while no orchestrator was there for the time that its worker measured', async () => {
  const { store, sweep, first, run } = await killedWhileTraining({ gpuHours: 3 });
  passHours(2);
  await run.report(2, { loss: 1 });
  await run.finish(DONE);
  passHours(13);
  const second = await runSweep(store, store.sweep(sweep.id)!, 0, null, first.broker);
  expect(await second.ended).toMatchObject({ state: 'complete', reason: null });
  expect(store.attempts(sweep.id, 0)).toMatchObject([{ outcome: 'complete' }]);
  const { gpuSeconds } = store.sweep(sweep.id)!;
  expect(Math.round(gpuSeconds / 60)).toBe(120);
  expect(store.trial(sweep.id, 0)!.durationSeconds).toBeCloseTo(gpuSeconds);
});
