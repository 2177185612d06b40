import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { identityOf, type ProcessIdentity, thisProcess } from '../process-identity.ts';
import { isOwnerAlive, LeaseHeldError, LeaseLostError, openStore, type Store } from './index.ts';
import { DATABASE_NAME } from './open-database.ts';
import { RawProcess } from './testing/raw-process.ts';
import { openSweep, runTrial, sampleConfig, tempDir } from './testing/sample-sweeps.ts';

/** A sweep whose lease was left by that process at that time. */
async function leftBehind(
  owner: ProcessIdentity,
  heartbeatAt = Date.now(),
): Promise<{ store: Store; sweep: string; dir: string }> {
  const dir = tempDir();
  const store = openStore(dir, { create: true });
  onTestFinished(() => store.close());
  const { id } = await store.createSweep({ config: sampleConfig(), source: '', configDir: '' });
  const raw = new Database(join(dir, DATABASE_NAME));
  raw
    .prepare('UPDATE leases SET epoch = 4, owner = ?, heartbeat_at = ?')
    .run(JSON.stringify(owner), heartbeatAt);
  raw.close();
  return { store, sweep: id, dir };
}

async function otherProcess(dir = tempDir()): Promise<RawProcess> {
  return await RawProcess.start(join(dir, 'other.db'));
}

describe('the lease of a sweep', () => {
  it('is refused while its process lives, with the pid and what to do', async () => {
    const other = await otherProcess();
    const { store, sweep } = await leftBehind(identityOf(other.pid));
    const claim = store.claim(sweep);
    await expect(claim).rejects.toBeInstanceOf(LeaseHeldError);
    await expect(claim).rejects.toThrow(new RegExp(`run by process ${other.pid} on .*tfsweep stop digits`));
    expect(isOwnerAlive(store.sweep()!.owner!)).toBe(true);
  });

  it('is taken over at once from a process that was killed', async () => {
    const other = await otherProcess();
    const { store, sweep } = await leftBehind(identityOf(other.pid));
    await other.kill();
    expect(isOwnerAlive(store.sweep()!.owner!)).toBe(false);
    const writer = await store.claim(sweep);
    expect(writer.epoch).toBe(5);
    expect(store.sweep()?.owner).toMatchObject({ ...thisProcess(), heartbeatAt: expect.any(Number) });
  });

  it.skipIf(!existsSync('/proc/self/stat'))(
    'is taken over when the pid belongs to another process by now',
    async () => {
      const other = await otherProcess();
      const { store, sweep } = await leftBehind({ ...identityOf(other.pid), startTime: '1' });
      await expect(store.claim(sweep)).resolves.toMatchObject({ epoch: 5 });
    },
  );

  it.skipIf(!existsSync('/proc/self/stat'))('is taken over after a reboot', async () => {
    const { store, sweep } = await leftBehind({ ...thisProcess(), bootId: 'before-the-reboot/1' });
    await expect(store.claim(sweep)).resolves.toMatchObject({ epoch: 5 });
  });

  it('of another host holds until its heartbeat is a minute old', async () => {
    const elsewhere = { host: 'elsewhere', bootId: 'b/1', pid: process.pid, startTime: '1' };
    const fresh = await leftBehind(elsewhere, Date.now() - 30_000);
    await expect(fresh.store.claim(fresh.sweep)).rejects.toThrow(/on elsewhere .*If that machine is gone/);
    const old = await leftBehind(elsewhere, Date.now() - 61_000);
    await expect(old.store.claim(old.sweep)).resolves.toMatchObject({ epoch: 5 });
  });

  it('can be claimed by nobody else while it is ours, and by anyone once it was given back', async () => {
    const { dir, store, sweep, writer } = await openSweep();
    const second = openStore(dir);
    onTestFinished(() => second.close());
    await expect(second.claim(sweep.id)).rejects.toBeInstanceOf(LeaseHeldError);
    await writer.release();
    expect(store.sweep()).toMatchObject({ owner: null, state: 'running' });
    await expect(second.claim(sweep.id)).resolves.toMatchObject({ sweep: sweep.id });
  });

  it('goes to one of two that claim at the same time', async () => {
    const { dir, sweep, writer } = await openSweep();
    await writer.release();
    const stores = [openStore(dir), openStore(dir)];
    onTestFinished(() => {
      for (const store of stores) store.close();
    });
    const claims = await Promise.allSettled(stores.map((store) => store.claim(sweep.id)));
    expect(claims.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('fences off the one that lost it: it writes nothing more, and cannot give back what is not its own', async () => {
    const { dir, store, sweep, writer } = await openSweep();
    await writer.transaction((tx) => runTrial(tx, 0));
    const raw = new Database(join(dir, DATABASE_NAME));
    // As a machine that was suspended finds it: judged to be dead meanwhile, and taken over.
    raw.exec('UPDATE leases SET owner = NULL');
    raw.close();
    const successor = await store.claim(sweep.id);
    let ran = false;
    const late = writer.transaction((tx) => {
      ran = true;
      runTrial(tx, 1);
    });
    await expect(late).rejects.toBeInstanceOf(LeaseLostError);
    expect(ran).toBe(false);
    await writer.release();
    await successor.transaction((tx) => runTrial(tx, 1));
    expect(store.sweep()?.counts.complete).toBe(2);
  });

  it('cannot be used any more after it was given back', async () => {
    const { writer } = await openSweep();
    await writer.release();
    await expect(writer.transaction(() => 1)).rejects.toBeInstanceOf(LeaseLostError);
  });

  it('adds up wall time over all who ran the sweep, and not that of transactions that failed', async () => {
    const { store, sweep, writer } = await openSweep();
    await writer.transaction((tx) => tx.heartbeat());
    const first = store.sweep()!.wallSeconds;
    expect(first).toBeGreaterThan(0);
    const failing = writer.transaction((tx) => {
      tx.heartbeat();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(store.sweep()?.wallSeconds).toBe(first);
    await writer.release();
    const second = store.sweep()!.wallSeconds;
    expect(second).toBeGreaterThan(first);
    const next = await store.claim(sweep.id);
    await next.transaction((tx) => tx.heartbeat());
    expect(store.sweep()!.wallSeconds).toBeGreaterThan(second);
  });
});
