import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connectRedis } from '../../packages/orchestrator/src/protocol/redis/index.ts';
import { writeQuickSweep } from './quick-sweep.ts';
import { startRedis } from './redis-server.ts';
import { Playground, until } from './tfsweep.ts';

const ENV = { TFSWEEP_SECRET: 'a secret of this fleet alone' };

/** A worker that was started by hand trains a long trial of `quick`, whose orchestrator was killed with -9. */
async function abandonedSweep() {
  const playground = Playground.create();
  const { url } = await startRedis(playground);
  const worker = playground.start(['worker', '--redis', url, '--workers', '1'], ENV);
  await until('the worker is up', () => worker.stderr.includes('Connected'));
  const sweep = writeQuickSweep(playground, { trials: 9, pauseMs: 40_000, extra: 'stop_grace: 200ms' });
  const launch = ['--workers', '0', '--redis', url, '--no-dashboard'];
  const launched = playground.start(['launch', sweep, ...launch], ENV);
  const show = async () => JSON.parse((await playground.run(['show', 'quick', '--json'])).stdout || '{}');
  await until('a trial runs', async () => (await show()).counts?.running === 1);
  launched.kill('SIGKILL');
  await launched.finished;
  const { id } = (await show()) as { id: string };
  return {
    playground,
    url,
    id,
    keys: async () => {
      const redis = await connectRedis({ url }, 'commands');
      const keys = await redis.keys('*');
      const listed = await redis.hkeys('tfsweep:sweeps');
      redis.disconnect();
      return [...keys, ...listed].filter((key) => key.includes(id));
    },
    /** A sweep of two short trials, for which the worker has to have its slot free. */
    launchNext: async () => {
      const next = writeQuickSweep(playground, { trials: 2, pauseMs: 0 });
      expect(await playground.run(['launch', next, ...launch], ENV)).toMatchObject({ code: 0 });
    },
    leave: async () => {
      worker.kill('SIGINT');
      expect(await worker.finished).toMatchObject({ code: 0 });
    },
  };
}

it('deletes a sweep whose orchestrator was killed from the Redis that is named too, and from its workers', async () => {
  const { playground, url, id, keys, launchNext, leave } = await abandonedSweep();
  expect(await keys()).not.toEqual([]);
  expect(await playground.run(['delete', 'quick', '--yes', '--redis', url])).toMatchObject({ code: 0 });
  const folder = join(playground.folder, '.tfsweep', 'artifacts', id);
  expect(existsSync(folder)).toBe(false);
  expect(await keys()).toEqual([]);
  await launchNext();
  expect(existsSync(folder)).toBe(false);
  expect(await keys()).toEqual([]);
  await leave();
}, 120_000);

it('stops such a sweep there too, and says how where no Redis is named', async () => {
  const { playground, url, keys, launchNext, leave } = await abandonedSweep();
  const unnamed = await playground.run(['stop', 'quick']);
  expect(unnamed).toMatchObject({ code: 0, stdout: 'quick: stopped\n' });
  expect(unnamed.stderr).toContain('--redis');
  expect(await keys()).not.toEqual([]);
  expect(await playground.run(['stop', 'quick', '--redis', url])).toMatchObject({ code: 0 });
  expect(await keys()).toEqual([]);
  await launchNext();
  await leave();
}, 120_000);
