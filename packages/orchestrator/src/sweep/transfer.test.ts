import { expect, it } from 'vitest';
import { openStore, type Store, type SweepRow } from '../store/index.ts';
import { tempDir } from '../store/testing/sample-sweeps.ts';
import { testConfig } from './testing/config.ts';
import { runSweep } from './testing/running-sweep.ts';
import { transferFrom } from './transfer.ts';

const last = { type: 'last' } as const;
const accuracy = { name: 'accuracy', goal: 'maximize', target: null, reduce: last } as const;

/** A sweep of accuracy and loss, with a bound on size, of which one trial breaks the bound and one failed. */
async function earlier(): Promise<{ store: Store; sweep: SweepRow }> {
  const store = openStore(tempDir(), { create: true });
  const config = testConfig({
    name: 'before',
    runCap: 4,
    metric: accuracy,
    otherMetrics: [
      { name: 'loss', goal: 'minimize', target: null, reduce: last },
      { name: 'size', min: null, max: 10, reduce: last },
    ],
  });
  const sweep = await store.createSweep({ config, source: '', configDir: '' });
  const { worker, ended } = await runSweep(store, sweep);
  for (const values of [
    { accuracy: 0.5, loss: 3, size: 1 },
    { accuracy: 0.9, loss: 1, size: 2 },
    { accuracy: 0.99, loss: 0.1, size: 11 },
    { accuracy: Number.NaN, loss: 0, size: 1 },
  ]) {
    const run = await worker.take();
    await run.started();
    await run.finish({ kind: 'complete', values });
  }
  await ended;
  return { store, sweep: store.sweep(sweep.id)! };
}

it('takes complete, feasible trials as losses, by the metric of the same name and its own goal', async () => {
  const { store, sweep } = await earlier();
  const trials = store.trials(sweep.id);
  const losses = (metric: Parameters<typeof testConfig>[0]) => {
    const transfer = transferFrom(testConfig(metric), sweep, trials);
    return [transfer.trials.map(({ loss }) => loss), transfer.notes];
  };
  expect(losses({ metric: accuracy })).toEqual([[-0.5, -0.9], []]);
  expect(losses({})).toEqual([[3, 1], []]);
  const [other, notes] = losses({ metric: { ...accuracy, name: 'error', goal: 'minimize' } });
  expect(other).toEqual([-0.5, -0.9]);
  expect(notes).toEqual([
    'warm_start.sweeps: before was about accuracy (maximize), this sweep is about error (minimize); its trials are ranked by its own goal.',
  ]);
  const { trials: taken } = transferFrom(testConfig({ metric: accuracy }), sweep, trials);
  expect(taken.map(({ params }) => params)).toEqual([trials[0]!.params, trials[1]!.params]);
  store.close();
});

it('says where there is nothing to learn from', async () => {
  const store = openStore(tempDir(), { create: true });
  const sweep = await store.createSweep({ config: testConfig({ name: 'empty' }), source: '', configDir: '' });
  const parameters = [{ ...testConfig().parameters[0]!, name: 'y' }];
  expect(transferFrom(testConfig({ parameters }), sweep, []).notes).toEqual([
    "warm_start.sweeps: empty has no parameter of this sweep's names; nothing can be learnt from it.",
    'warm_start.sweeps: empty has no complete trials to learn from.',
  ]);
  store.close();
});
