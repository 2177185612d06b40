import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeQuickSweep } from './quick-sweep.ts';
import { Playground } from './tfsweep.ts';

it('deletes a sweep with its files once somebody says yes, and leaves the others', async () => {
  const playground = Playground.create();
  const sweep = writeQuickSweep(playground, { trials: 1, pauseMs: 1 });
  const memory = ['--queue', 'memory', '--workers', '1', '--no-dashboard'];
  for (const name of ['gone', 'stays'])
    expect(await playground.run(['launch', sweep, ...memory, '--set', `name=${name}`])).toMatchObject({
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
