import { expect, it } from 'vitest';
import { writeQuickSweep } from './quick-sweep.ts';
import { freePort, startRedis } from './redis-server.ts';
import { Playground, until } from './tfsweep.ts';

it('shares the trials of a launch without workers between two workers that were started by hand', async () => {
  const playground = Playground.create();
  const { url } = await startRedis(playground);
  const sweep = writeQuickSweep(playground, { trials: 24, pauseMs: 60 });
  const env = { TFSWEEP_SECRET: 'a secret of this fleet alone' };
  const worker = (name: string) =>
    playground.start(['worker', '--redis', url, '--workers', '1', '--name', name], env);
  const workers = [worker('left'), worker('right')];
  await until('both workers are up', () => workers.every(({ stderr }) => stderr.includes('Connected')));

  const launched = await playground.run(['launch', sweep, '--workers', '0', '--redis', url, '--json'], env);
  expect(launched).toMatchObject({ code: 0 });
  expect(JSON.parse(launched.stdout)).toMatchObject({ state: 'complete', counts: { complete: 24 } });
  const board = await playground.run(['leaderboard', '--json', '--all']);
  const names = (JSON.parse(board.stdout) as Array<{ worker: string }>).map((row) => row.worker);
  expect(new Set(names)).toEqual(new Set(['left', 'right']));

  for (const running of workers) running.kill('SIGTERM');
  for (const running of workers) expect(await running.finished).toMatchObject({ code: 0 });
}, 120_000);

it('says what to do when there is no Redis at the address, and when the password is wrong', async () => {
  const playground = Playground.create();
  const sweep = writeQuickSweep(playground, { trials: 1, pauseMs: 1 });
  const nowhere = await playground.run(['launch', sweep, '--redis', `redis://127.0.0.1:${await freePort()}`]);
  expect(nowhere.code).not.toBe(0);
  expect(nowhere.stderr).toContain('No Redis');
  expect(nowhere.stderr).not.toContain('    at ');

  const { url } = await startRedis(playground);
  const wrong = await playground.run(['launch', sweep, '--redis', url.replace(/:[0-9a-f]+@/, ':wrong@')]);
  expect(wrong.code).not.toBe(0);
  expect(wrong.stderr).toMatch(/password/i);
  expect(wrong.stderr).not.toContain('    at ');
}, 60_000);
