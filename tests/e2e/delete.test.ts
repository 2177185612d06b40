import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { addForeignSweep } from '../../packages/orchestrator/src/store/testing/foreign-sweep.ts';
import { writeQuickSweep } from './quick-sweep.ts';
import { Playground } from './tfsweep.ts';

const MEMORY = ['--queue', 'memory', '--workers', '1', '--no-dashboard'];

it('deletes a sweep with its files once somebody says yes, and leaves the others', async () => {
  const playground = Playground.create();
  const sweep = writeQuickSweep(playground, { trials: 1, pauseMs: 1 });
  for (const name of ['gone', 'stays'])
    expect(await playground.run(['launch', sweep, ...MEMORY, '--set', `name=${name}`])).toMatchObject({
      code: 0,
    });
  const listed = async (): Promise<Array<{ sweep: string }>> =>
    JSON.parse((await playground.run(['list', '--json'])).stdout) as Array<{ sweep: string }>;
  const folders = (): string[] =>
    readdirSync(join(playground.folder, '.tfsweep', 'artifacts')).filter((name) =>
      /^[\da-f-]{36}$/.test(name),
    );
  expect(folders()).toHaveLength(2);

  expect(await playground.run(['delete', 'gone'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('`--yes`'),
  });
  expect(await listed()).toHaveLength(2);
  expect(await playground.run(['delete', 'gone', '--yes'])).toMatchObject({
    code: 0,
    stdout: 'gone: deleted, with 1 trials\n',
  });
  expect((await listed()).map((row) => row.sweep)).toEqual(['stays']);
  expect(folders()).toHaveLength(1);
}, 120_000);

it('leaves alone what symbolic links among the files of a deleted sweep lead to', async () => {
  const playground = Playground.create();
  const sweep = writeQuickSweep(playground, { trials: 1, pauseMs: 0 });
  expect(await playground.run(['launch', sweep, ...MEMORY])).toMatchObject({ code: 0 });
  const { id } = JSON.parse((await playground.run(['show', 'quick', '--json'])).stdout) as { id: string };
  const precious = join(playground.folder, 'precious');
  mkdirSync(join(precious, 'checkpoint-1'), { recursive: true });
  const artifacts = join(playground.folder, '.tfsweep', 'artifacts');
  symlinkSync(precious, join(artifacts, id, '0', 'linked'));
  expect(await playground.run(['delete', 'quick', '--yes'])).toMatchObject({ code: 0 });
  expect(readdirSync(artifacts)).not.toContain(id);
  expect(readdirSync(precious)).toEqual(['checkpoint-1']);
}, 120_000);

it('removes nothing for a sweep whose id, in a store from somebody else, leads out of the store', async () => {
  const playground = Playground.create();
  const sweep = writeQuickSweep(playground, { trials: 1, pauseMs: 0 });
  expect(await playground.run(['launch', sweep, ...MEMORY])).toMatchObject({
    code: 0,
  });
  const store = join(playground.folder, '.tfsweep');
  mkdirSync(join(playground.folder, 'precious'));
  writeFileSync(join(playground.folder, 'precious', 'model.bin'), 'weights');
  const artifacts = readdirSync(join(store, 'artifacts'));
  const ids = ['../../precious', '..', '.', '', 'artifacts/../../../precious'];
  for (const [index, id] of ids.entries()) {
    const name = `hostile-${index}`;
    addForeignSweep(store, 'quick', { id, name });
    const deleted = await playground.run(['delete', name, '--yes']);
    expect(deleted, id).toMatchObject({ code: 2, stdout: '' });
    expect(deleted.stderr).toContain('Nothing was removed');
    expect(existsSync(join(playground.folder, 'precious', 'model.bin')), id).toBe(true);
    expect(existsSync(join(store, 'tfsweep.db')), id).toBe(true);
    expect(readdirSync(join(store, 'artifacts')), id).toEqual(artifacts);
  }
}, 120_000);
