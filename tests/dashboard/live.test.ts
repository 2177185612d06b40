import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDashboard } from '@tfsweep/dashboard';
import { describe, expect, it } from 'vitest';
import type { LiveEvents } from '../../packages/dashboard/src/wire.ts';
import { ask, EventReader, type ServerEvent, serve } from './dashboard-client.ts';
import { SampleSweep, tempDir } from './sample-store.ts';

function rowsOf(event: ServerEvent): LiveEvents['rows'] {
  return event.data as LiveEvents['rows'];
}

function summaryOf(event: ServerEvent): unknown {
  const { reset, rows } = rowsOf(event);
  return { reset, rows: rows.map((row) => [row.number, row.state, row.value]) };
}

describe('pushed events', () => {
  it('begin with all rows and then bring only those that changed', async () => {
    const dir = tempDir();
    const sweep = await SampleSweep.create(dir);
    await sweep.complete(0, 0.9);
    await sweep.start(1);
    const events = await EventReader.open(await serve(dir), 'digits');

    expect(summaryOf(await events.next('rows'))).toEqual({
      reset: true,
      rows: [
        [0, 'complete', 0.9],
        [1, 'running', null],
      ],
    });
    await sweep.write((tx) => tx.finishTrial(1, { state: 'complete', value: 0.8, at: Date.now() }));
    expect(summaryOf(await events.next('rows'))).toEqual({ reset: false, rows: [[1, 'complete', 0.8]] });
    await sweep.complete(2, 0.97);
    expect((await events.next('sweep')).data).toMatchObject({ best: { number: 2, value: 0.97 } });
    expect(summaryOf(await events.next('rows'))).toEqual({ reset: false, rows: [[2, 'complete', 0.97]] });
  });

  it('go on after a lost connection where they ended, for every listener of one server', async () => {
    const dir = tempDir();
    const sweep = await SampleSweep.create(dir);
    await sweep.complete(0, 0.9);
    const url = await serve(dir);
    const first = await EventReader.open(url, 'digits');
    const { id } = await first.next('rows');
    first.close();
    await sweep.complete(1, 0.8);

    const again = await EventReader.open(url, 'digits', id);
    expect(summaryOf(await again.next('rows'))).toEqual({ reset: false, rows: [[1, 'complete', 0.8]] });
    const foreign = await EventReader.open(url, 'digits', '0123456789ab.1');
    expect(rowsOf(await foreign.next('rows'))).toMatchObject({
      reset: true,
      rows: [{ number: 0 }, { number: 1 }],
    });
  });

  it('bring every row of a large sweep once, in several events', async () => {
    const dir = tempDir();
    const sweep = await SampleSweep.create(dir);
    const count = 2_500;
    await sweep.write((tx) => {
      for (let number = 0; number < count; number += 1)
        tx.addTrial({ number, params: {}, sampler: 'random' });
    });
    const events = await EventReader.open(await serve(dir), 'digits');
    const seen: number[] = [];
    let event: LiveEvents['rows'];
    do {
      event = rowsOf(await events.next('rows'));
      seen.push(...event.rows.map((row) => row.number));
    } while (event.more);
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, number) => number));
  });

  it('say that there is no store, and start by themselves when one appears', async () => {
    const dir = tempDir();
    const events = await EventReader.open(await serve(dir), '');
    expect((await events.next('status')).data).toEqual({ kind: 'absent' });
    await SampleSweep.create(dir);
    expect((await events.next('status')).data).toEqual({ kind: 'ready' });
    const sweeps = (await events.next('sweeps')).data as LiveEvents['sweeps'];
    expect(sweeps.map((sweep) => sweep.name)).toEqual(['digits']);
  });

  it('say what is wrong with a store that cannot be read, and recover when it is replaced', async () => {
    const dir = tempDir();
    writeFileSync(join(dir, 'tfsweep.db'), 'this is no database, whatever its name says. '.repeat(50));
    const url = await serve(dir);
    const events = await EventReader.open(url, 'digits');
    expect((await events.next('status')).data).toMatchObject({
      kind: 'broken',
      message: expect.stringMatching(/tfsweep\.db/),
    });
    expect(await ask(url, '/api/sweeps')).toMatchObject({
      status: 503,
      text: expect.stringMatching(/STORE_BROKEN/),
    });

    rmSync(join(dir, 'tfsweep.db'));
    const sweep = await SampleSweep.create(dir);
    await sweep.complete(0, 0.9);
    expect(rowsOf(await events.next('rows')).rows).toMatchObject([{ number: 0 }]);
  });

  it('end when the dashboard is closed', async () => {
    const dir = tempDir();
    const dashboard = await startDashboard({ dir, port: 0 });
    const events = await EventReader.open(dashboard.url, 'digits');
    await events.next('status');
    await dashboard.close();
    await events.ended();
    await expect(ask(dashboard.url, '/api/sweeps')).rejects.toThrow('ECONNREFUSED');
  });
});
