import { expect, it } from 'vitest';
import { runSweep, storedSweep, train } from '../sweep/testing/running-sweep.ts';
import { sendRequest } from './send-request.ts';

it('leaves a trial of the user’s in the store until its turn in a reproducible sweep comes', async () => {
  const { store, sweep } = await storedSweep({ runCap: 2, reproducible: { lag: 1 } });
  const { worker, ended } = await runSweep(store, sweep);
  const first = await worker.take();
  const answer = await sendRequest(store, sweep, { kind: 'enqueue', params: { x: 0.25 } }, 'waits');
  expect(answer).toEqual({ outcome: null, waitsFor: 'turn' });
  expect(store.pendingRequests(sweep.id)).toHaveLength(1);
  await train(first, [1]);
  for (let left = 2; left > 0; left--) {
    const run = await Promise.race([worker.take(), ended]);
    if ('job' in run) await train(run, [1]);
  }
  expect(await ended).toMatchObject({ state: 'complete' });
  expect(store.trials(sweep.id).filter(({ params }) => params.x === 0.25)).toMatchObject([
    { state: 'complete', sampler: 'enqueued' },
  ]);
  expect(store.pendingRequests(sweep.id)).toEqual([]);
});

it('says that the sweep is gone where it was deleted meanwhile', async () => {
  const { store, sweep } = await storedSweep({});
  const writer = await store.claim(sweep.id);
  const asked = sendRequest(store, sweep, { kind: 'pause' }, 'never');
  while (store.pendingRequests(sweep.id).length === 0) await new Promise((done) => setTimeout(done, 1));
  await writer.transaction((tx) => tx.deleteSweep());
  await expect(asked).rejects.toMatchObject({ code: 'STORE_UNKNOWN_SWEEP' });
  await writer.release();
});
