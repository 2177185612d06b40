import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { defineSampler, type SamplerPlugin } from '../samplers/plugin.ts';
import type { Params } from '../space/types.ts';
import { LeaseLostError } from '../store/errors.ts';
import { DATABASE_NAME } from '../store/open-database.ts';
import { type RunningSweep, runSweep, storedSweep, train } from './testing/running-sweep.ts';

const PLUGIN = { method: 'bayes', sampler: { type: 'module', options: {} } } as const;

/** Somebody else's connection to the same database, who never waits for a lock. */
function stranger(dir: string): Database.Database {
  const db = new Database(join(dir, DATABASE_NAME), { timeout: 0 });
  onTestFinished(() => void db.close());
  return db;
}

/** Draws like `random`, and tells of each ask before it answers. */
function telling(onAsk: (number: number) => void): { plugin: SamplerPlugin; asked: Array<[number, Params]> } {
  const asked: Array<[number, Params]> = [];
  const plugin = defineSampler({
    name: 'telling',
    create: () => ({
      suggest: ({ number, rng }) => {
        const params = { x: rng.next() };
        asked.push([number, params]);
        onAsk(number);
        return { params };
      },
    }),
  });
  return { plugin, asked };
}

async function trainAll({ worker, ended }: RunningSweep): Promise<void> {
  for (;;) {
    const run = await Promise.race([worker.take(), ended]);
    if (!('job' in run)) return;
    await train(run, [Number(run.job.params.x)]);
  }
}

it('lets others write at once while a sampler thinks', async () => {
  const { store, sweep, dir } = await storedSweep({ ...PLUGIN, runCap: 4 });
  const other = stranger(dir);
  const request = other.prepare(
    `INSERT INTO requests (sweep, kind, payload, created_at) VALUES (1, 'stop-trial', '{"number": 99}', 0)`,
  );
  const { plugin, asked } = telling(() => other.transaction(() => request.run()).immediate());
  const running = await runSweep(store, sweep, 2, plugin);
  await trainAll(running);
  expect(await running.ended).toMatchObject({ state: 'complete' });
  expect(asked.map(([number]) => number)).toEqual([0, 1, 2, 3]);
  expect(other.prepare('SELECT outcome FROM requests').all()).toEqual(
    Array.from({ length: 4 }, () => ({ outcome: 'refused: there is no trial 99' })),
  );
});

it('asks again for what was asked for and never committed, and for nothing else', async () => {
  const { store, sweep, dir } = await storedSweep({ ...PLUGIN, runCap: 6 });
  const other = stranger(dir);
  let isFirstLife = true;
  const { plugin, asked } = telling((number) => {
    // The sweep is taken away between the ask and its commit.
    if (number === 3 && isFirstLife)
      other.exec('UPDATE leases SET epoch = epoch + 1, owner = NULL, heartbeat_at = NULL');
  });
  const first = await runSweep(store, sweep, 1, plugin);
  await expect(Promise.all([trainAll(first), first.ended])).rejects.toThrow(LeaseLostError);
  expect(store.trials(sweep.id).map(({ number }) => number)).toEqual([0, 1, 2]);
  isFirstLife = false;
  const second = await runSweep(store, store.sweep(sweep.id)!, 1, plugin);
  await trainAll(second);
  expect(await second.ended).toMatchObject({ state: 'complete' });
  expect(asked.map(([number]) => number)).toEqual([0, 1, 2, 3, 3, 4, 5]);
  expect(asked[3]).toEqual(asked[4]);
  expect(store.trials(sweep.id).map(({ number, params }) => [number, params])).toEqual(
    asked.filter((_, i) => i !== 3),
  );
  const asks = store.history(sweep.id).filter(({ kind }) => kind === 'ask');
  expect(asks.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5]);
});

it('gives out what a slow sampler has, before it asks for all that there are slots for', async () => {
  const SLOTS = 8;
  const { store, sweep, dir } = await storedSweep({ ...PLUGIN, runCap: SLOTS });
  const count = stranger(dir).prepare('SELECT count(*) AS trials FROM trials');
  const committed: number[] = [];
  const { plugin } = telling(() => {
    committed.push((count.get() as { trials: number }).trials);
    for (const end = performance.now() + 40; performance.now() < end; );
  });
  const running = await runSweep(store, sweep, SLOTS, plugin);
  await trainAll(running);
  expect(await running.ended).toMatchObject({ state: 'complete' });
  expect(committed[0]).toBe(0);
  expect(committed[SLOTS - 1]).toBeGreaterThan(0);
});
