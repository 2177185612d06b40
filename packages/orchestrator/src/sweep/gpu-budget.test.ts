import { expect, it, vi } from 'vitest';
import { DONE, runSweep, storedSweep } from './testing/running-sweep.ts';

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
