import { expect, it, vi } from 'vitest';
import { openSweep, runTrial, startTrial } from '../store/testing/sample-sweeps.ts';
import { addStopVerb } from './stop.ts';
import { runVerb } from './testing/run-verb.ts';

it('charges a run that nobody has heard of since its orchestrator died up to its last sign of life', async () => {
  const { dir, store, sweep, writer } = await openSweep();
  await writer.transaction((tx) => {
    startTrial(tx, 0);
    tx.sawRun(0, 1, { ranMs: 700, at: 5_000 });
  });
  await writer.release();
  expect(await runVerb(addStopVerb, 'stop', sweep.name, '--dir', dir)).toContain('stopped');
  expect(store.sweep(sweep.id)).toMatchObject({ state: 'stopped' });
  expect(store.trial(sweep.id, 0)).toMatchObject({ state: 'stopped', durationSeconds: 0.7 });
  expect(store.attempts(sweep.id, 0)).toMatchObject([{ outcome: 'lost', finishedAt: 5_000 }]);
});

it('leaves a sweep complete that has come to its end while its orchestrator was asked to stop', async () => {
  const { dir, store, sweep, writer } = await openSweep();
  await writer.transaction((tx) => {
    tx.setSweepState('running', null);
    runTrial(tx, 0);
  });
  const stopped = runVerb(addStopVerb, 'stop', sweep.name, '--dir', dir);
  await vi.waitFor(() => expect(store.pendingRequests(sweep.id)).toHaveLength(1));
  await writer.transaction((tx) => tx.setSweepState('complete', 'its last trial is over'));
  await writer.release();
  expect(await stopped).toBe(`${sweep.name}: is already complete\n`);
  expect(store.sweep(sweep.id)).toMatchObject({ state: 'complete', reason: 'its last trial is over' });
  expect(store.pendingRequests(sweep.id)).toEqual([]);
});
