import { expect, it } from 'vitest';
import type { Store, SweepTransaction } from '../store/index.ts';
import { runSweep, storedSweep, train } from './testing/running-sweep.ts';

/** The store as it is for whoever takes a sweep just after its earlier orchestrator has written for the last time. */
function withLastWords(store: Store, words: (tx: SweepTransaction) => void): Store {
  let said = false;
  return new Proxy(store, {
    get(target, key) {
      if (key !== 'claim') {
        const member: unknown = Reflect.get(target, key);
        return typeof member === 'function' ? member.bind(target) : member;
      }
      return async (sweep: string) => {
        if (!said) {
          said = true;
          const earlier = await target.claim(sweep);
          await earlier.transaction(words);
          await earlier.release();
        }
        return await target.claim(sweep);
      };
    },
  });
}

it('goes on from all that its earlier orchestrator wrote, up to the moment at which it takes the sweep over', async () => {
  const { store, sweep } = await storedSweep({ runCap: 1 });
  const { worker, ended } = await runSweep(
    withLastWords(store, (tx) => {
      tx.setConfig({ ...sweep.config, runCap: 2 });
      tx.addTrial({ number: 0, params: { x: 0.125 }, sampler: 'random' });
    }),
    sweep,
  );
  for (const trial of [0, 1]) {
    const run = await Promise.race([worker.take(), ended]);
    expect(run).toMatchObject({ job: { trial } });
    if ('job' in run) await train(run, [1]);
  }
  expect(await ended).toMatchObject({ state: 'complete' });
  expect(store.trials(sweep.id).map(({ state }) => state)).toEqual(['complete', 'complete']);
  expect(store.trial(sweep.id, 0)?.params).toEqual({ x: 0.125 });
});
