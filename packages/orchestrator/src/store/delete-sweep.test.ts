import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { DATABASE_NAME } from './open-database.ts';
import { openSweep, sampleConfig } from './testing/sample-sweeps.ts';

it('deletes a sweep whole, leaves the others as they are, and gives its name back', async () => {
  const { store, sweep, writer, dir } = await openSweep();
  const other = await store.createSweep({ config: sampleConfig(), source: '', configDir: '' });
  const ask = { params: { units: 16 }, sampler: 'random' };
  const [first, second] = [writer, await store.claim(other.id)];
  for (const one of [first, second]) {
    await one.transaction((tx) => {
      tx.setStreamPosition('epoch', '1-0');
      tx.addTrial({ number: 0, ...ask });
      tx.openAttempt(0);
      const run = { runId: `run-${one.sweep}`, workerId: 'w', worker: 'w', slot: 0, backend: 'cpu', at: 1 };
      tx.bindAttempt(0, 1, run);
      tx.addReport(0, 1, { step: 1, values: { loss: 1 }, at: 2, metric: 1 });
      tx.addCheckpoint(0, { attempt: 1, step: 1, path: 'here' });
      tx.finishTrial(0, { state: 'failed', value: null, reason: 'no', at: 3 });
      tx.addTrial({ number: 1, ...ask, chosen: true, retryOf: 0 });
    });
    await store.addRequest(one.sweep, { kind: 'stop' });
  }
  const before = JSON.stringify([store.sweep(other.id), store.trials(other.id), store.history(other.id)]);

  await writer.transaction((tx) => tx.deleteSweep());
  await writer.release();
  expect(store.sweeps().map(({ id }) => id)).toEqual([other.id]);
  expect(JSON.stringify([store.sweep(other.id), store.trials(other.id), store.history(other.id)])).toBe(
    before,
  );
  const again = await store.createSweep({ config: sweep.config, source: '', configDir: '' });
  expect(again.name).toBe(sweep.name);

  // Its key is known to this store still.
  await expect(store.claim(sweep.id)).rejects.toMatchObject({ code: 'STORE_UNKNOWN_SWEEP' });

  const raw = new Database(join(dir, DATABASE_NAME));
  onTestFinished(() => void raw.close());
  // A table that a later version adds must not be forgotten here.
  const tables = raw
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%sweep INTEGER%'")
    .all() as Array<{ name: string }>;
  expect(tables.length).toBeGreaterThan(8);
  const known = raw.prepare('SELECT key FROM sweeps').pluck().all();
  for (const { name } of tables) {
    for (const key of raw.prepare(`SELECT DISTINCT sweep FROM ${name}`).pluck().all())
      expect(known).toContain(key);
  }
  expect(() => raw.exec('DELETE FROM trials')).toThrow('never deleted');
});
