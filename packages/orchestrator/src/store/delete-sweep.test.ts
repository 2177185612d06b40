import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { LeaseLostError, openStore } from './index.ts';
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

it('lets an orchestrator that slept through the deletion of its sweep write into no later one', async () => {
  const { store, sweep, writer, dir } = await openSweep();
  const reader = openStore(dir, { readonly: true });
  onTestFinished(() => reader.close());
  await writer.transaction((tx) => tx.addTrial({ number: 0, params: { units: 16 }, sampler: 'random' }));
  expect(reader.trials(sweep.id)).toHaveLength(1);
  // It is on another host, and has not been heard of for long.
  const raw = new Database(join(dir, DATABASE_NAME));
  onTestFinished(() => void raw.close());
  const elsewhere = { host: 'elsewhere', bootId: 'b', pid: 1, startTime: '1' };
  raw.prepare('UPDATE leases SET owner = ?, heartbeat_at = 0').run(JSON.stringify(elsewhere));
  const deleter = await store.claim(sweep.id);
  await deleter.transaction((tx) => tx.deleteSweep());

  const next = await store.createSweep({ config: sampleConfig(), source: '', configDir: '' });
  const owner = await store.claim(next.id);
  expect(owner.epoch).toBe(writer.epoch);
  const late = writer.transaction((tx) =>
    tx.addTrial({ number: 0, params: { units: 1 }, sampler: 'random' }),
  );
  await expect(late).rejects.toThrow(LeaseLostError);
  expect(store.trials(next.id)).toEqual([]);
  await owner.transaction((tx) => tx.addTrial({ number: 0, params: { units: 2 }, sampler: 'random' }));
  expect(reader.trials(sweep.id)).toEqual([]);
  expect(() =>
    raw.exec(
      "INSERT INTO sweeps SELECT 1, 'x', 'x', state, reason, direction, config, source, config_dir, created_at, finished_at, 0 FROM sweeps",
    ),
  ).toThrow('never used again');
});
