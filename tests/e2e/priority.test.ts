import { expect, it } from 'vitest';
import { writeQuickSweep } from './quick-sweep.ts';
import { startRedis } from './redis-server.ts';
import { Playground, until } from './tfsweep.ts';

/** Starts after which the new shares have taken hold: what waited and what was fetched before. */
const SETTLING = 4;

it('shares a worker between two sweeps by their priority, as it is set while they run', async () => {
  const playground = Playground.create();
  const { url } = await startRedis(playground);
  const sweep = writeQuickSweep(playground, { trials: 60, pauseMs: 50 });
  const env = { TFSWEEP_SECRET: 'a secret of this fleet alone' };
  const launches = ['low', 'high'].map((name) =>
    playground.start(
      ['launch', sweep, '--workers', '0', '--redis', url, '--no-dashboard', '--set', `name=${name}`],
      env,
    ),
  );
  const worker = playground.start(['worker', '--redis', url, '--workers', '1'], env);
  const startsOf = async (name: string): Promise<number[]> => {
    const { stdout } = await playground.run(['export', name, '--format', 'jsonl']);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => Date.parse((JSON.parse(line) as { started_at: string }).started_at))
      .filter((at) => !Number.isNaN(at));
  };
  await until('both sweeps train', async () => {
    const starts = await Promise.all(['low', 'high'].map(startsOf));
    return starts.every(({ length }) => length > 0);
  });
  expect(await playground.run(['set', 'high', 'priority=4'])).toMatchObject({ code: 0 });
  const setAt = Date.now();
  for (const launched of launches) expect(await launched.finished).toMatchObject({ code: 0 });
  worker.kill('SIGTERM');
  await worker.finished;

  const [low, high] = [await startsOf('low'), await startsOf('high')];
  const turns = [...low.map((at) => ({ at, name: 'low' })), ...high.map((at) => ({ at, name: 'high' }))]
    .toSorted((a, b) => a.at - b.at)
    .filter(({ at }) => at > setAt)
    .slice(SETTLING);
  // As long as both have something to offer.
  const contested = turns.slice(0, turns.findLastIndex(({ name }) => name === 'high') + 1);
  const ofHigh = contested.filter(({ name }) => name === 'high').length;
  expect(ofHigh).toBeGreaterThan(12);
  expect(ofHigh / (contested.length - ofHigh)).toBeGreaterThan(2);
}, 180_000);
