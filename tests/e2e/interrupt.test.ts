import { expect, it } from 'vitest';
import { writeQuickSweep } from './quick-sweep.ts';
import { Playground, until } from './tfsweep.ts';

it('hands back what runs at the first Ctrl-C, and resume goes on to the end', async () => {
  const playground = Playground.create();
  const sweep = writeQuickSweep(playground, { trials: 12, pauseMs: 250 });
  const running = playground.start(['launch', sweep, '--workers', '2', '--no-dashboard']);
  await until('a first trial is complete', () => /[1-9]\d*\/12 trials/.test(running.stderr));
  running.kill('SIGINT');
  expect(await running.finished).toMatchObject({ code: 130 });
  expect(await playground.processesLeft()).toEqual([]);

  const list = JSON.parse((await playground.run(['list', '--json'])).stdout) as Array<{
    state: string;
    counts: Record<string, number>;
  }>;
  expect(list[0]).toMatchObject({ state: 'paused', counts: { running: 0, failed: 0, stopped: 0 } });

  const resumed = await playground.run(['resume', '--workers', '2', '--json']);
  expect(resumed).toMatchObject({ code: 0 });
  expect(JSON.parse(resumed.stdout)).toMatchObject({ state: 'complete', counts: { complete: 12 } });
}, 120_000);

it('leaves at once at the second Ctrl-C, and still nothing is left behind', async () => {
  const playground = Playground.create();
  const sweep = writeQuickSweep(playground, { trials: 12, pauseMs: 5_000 });
  const running = playground.start(['launch', sweep, '--workers', '2', '--no-dashboard']);
  await until('trials are running', () => /2 running/.test(running.stderr), 40_000);
  running.kill('SIGINT');
  await until('the first signal was seen', () => running.stderr.includes('Ctrl-C again'));
  running.kill('SIGINT');
  expect(await running.finished).toMatchObject({ code: 130 });
  expect(await playground.processesLeft()).toEqual([]);
}, 120_000);

it('stops a running sweep from another terminal', async () => {
  const playground = Playground.create();
  const sweep = writeQuickSweep(playground, { trials: 200, pauseMs: 100 });
  const running = playground.start(['launch', sweep, '--workers', '2', '--no-dashboard']);
  await until('a first trial is complete', () => /[1-9]\d*\/200 trials/.test(running.stderr));
  const stopped = await playground.run(['stop', 'quick', '--json']);
  expect(stopped).toMatchObject({ code: 0 });
  expect(await running.finished).toMatchObject({ code: 0 });
  const list = JSON.parse((await playground.run(['list', '--json'])).stdout) as Array<{ state: string }>;
  expect(list[0]).toMatchObject({ state: 'stopped' });
}, 120_000);
