import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Connection } from './connection.ts';
import { openStore } from './index.ts';
import { DATABASE_NAME, openDatabase } from './open-database.ts';
import { RawProcess } from './testing/raw-process.ts';
import { openSweep, runTrial, tempDir } from './testing/sample-sweeps.ts';

describe('two processes at one store', () => {
  it('waits for the write lock without blocking the loop, then writes in the order of the calls', async () => {
    const { dir, store, sweep, writer } = await openSweep();
    const other = await RawProcess.start(join(dir, DATABASE_NAME));
    expect(await other.exec('BEGIN IMMEDIATE')).toBe('ok');
    const order: string[] = [];
    const writes = [0, 1, 2].map((number) =>
      writer.transaction((tx) => {
        order.push(`trial ${number}`);
        runTrial(tx, number);
      }),
    );
    // Timers come due in between: the loop is alive. Readers are not held up either.
    for (let tick = 0; tick < 5; tick++) await sleep(1);
    expect(store.sweep()?.counts.complete).toBe(0);
    order.push('lock given back');
    expect(await other.exec('COMMIT')).toBe('ok');
    await Promise.all(writes);
    expect(order).toEqual(['lock given back', 'trial 0', 'trial 1', 'trial 2']);
    expect(store.trials(sweep.id).map(({ number }) => number)).toEqual([0, 1, 2]);
  });

  it('gives up with a clear word when the lock is never given back', async () => {
    const dir = tempDir();
    const db = new Connection(openDatabase(dir, { create: true }), { busyLimitMs: 100 });
    onTestFinished(() => db.close());
    const other = await RawProcess.start(join(dir, DATABASE_NAME));
    await other.exec('BEGIN IMMEDIATE');
    const written = db.write(() => 1);
    await expect(written).rejects.toMatchObject({
      code: 'STORE_BUSY',
      message: expect.stringContaining('locked by another process'),
    });
    await other.exec('ROLLBACK');
    await expect(db.write(() => 2)).resolves.toBe(2);
  });

  it('goes on after a writer was killed in mid-transaction, and sees nothing of what that had begun', async () => {
    const { dir, store, sweep, writer } = await openSweep();
    await writer.transaction((tx) => runTrial(tx, 0));
    const before = store.trials(sweep.id);
    const other = await RawProcess.start(join(dir, DATABASE_NAME));
    const insert = `INSERT INTO trials (sweep, number, direction, params, sampler, created_at)
      SELECT sweep, number + 1, direction, '{"pad":"' || hex(zeroblob(500000)) || '"}', 'x', 0
      FROM trials ORDER BY number DESC LIMIT 1`;
    expect(await other.exec('PRAGMA cache_size = 10; BEGIN IMMEDIATE')).toBe('ok');
    for (let i = 0; i < 5; i++) expect(await other.exec(insert)).toBe('ok');
    const waiting = writer.transaction((tx) => runTrial(tx, 1));
    await other.kill();
    await waiting;
    expect(store.trials(sweep.id)[0]).toEqual(before[0]);
    expect(store.trials(sweep.id).map(({ number, sampler }) => [number, sampler])).toEqual([
      [0, 'random'],
      [1, 'random'],
    ]);
    const reopened = openStore(dir, { readonly: true });
    onTestFinished(() => reopened.close());
    expect(reopened.sweep()?.counts).toEqual(store.sweep()?.counts);
  });

  it('lets two sweeps be written side by side', async () => {
    const { dir, store, sweep, writer } = await openSweep();
    const second = openStore(dir);
    onTestFinished(() => second.close());
    const other = await second.createSweep({ config: sweep.config, source: '', configDir: '' });
    const otherWriter = await second.claim(other.id);
    const writes = Array.from({ length: 20 }, (_, number) =>
      Promise.all([writer, otherWriter].map((one) => one.transaction((tx) => runTrial(tx, number)))),
    );
    await Promise.all(writes);
    expect(store.sweeps().map(({ counts }) => counts.complete)).toEqual([20, 20]);
    expect(store.history(sweep.id)).toHaveLength(60);
  });

  it('rolls back work that is not synchronous', async () => {
    const { store, writer } = await openSweep();
    const asynchronous = writer.transaction(async (tx) => runTrial(tx, 0));
    await expect(asynchronous).rejects.toThrow('must be synchronous');
    expect(store.sweep()?.counts.complete).toBe(0);
    await writer.transaction((tx) => runTrial(tx, 0));
    expect(store.sweep()?.counts.complete).toBe(1);
  });
});
