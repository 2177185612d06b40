import { expect, it } from 'vitest';
import { writeQuickSweep } from './quick-sweep.ts';
import { Playground, until } from './tfsweep.ts';

interface Worker {
  readonly name: string;
  readonly state: string;
  readonly attempts: Record<string, number>;
}

it('lets workers finish what they run and leave, by SIGTERM and by verb, while another one takes over', async () => {
  const playground = Playground.create();
  const sweep = writeQuickSweep(playground, { trials: 120, pauseMs: 150 });
  const launched = playground.start(['launch', sweep, '--workers', '1', '--no-dashboard', '--json']);
  const workers = async (): Promise<Worker[]> =>
    JSON.parse((await playground.run(['workers', '--json'])).stdout) as Worker[];
  await until('the sweep is served', () => launched.stderr.includes('running'));
  const join = (name: string) =>
    playground.start([
      'worker',
      '--workers',
      '1',
      '--name',
      name,
      '--root',
      `${playground.folder.split('/').at(-1)}=.`,
    ]);
  const [first, second] = [join('first'), join('second')];
  await until('both have trained', async () => {
    const rows = await workers();
    const hasTrained = (name: string) => rows.some((row) => row.name === name && row.attempts.complete! > 0);
    return hasTrained('first') && hasTrained('second');
  });
  first.kill('SIGTERM');
  expect(await playground.run(['drain', 'second'])).toMatchObject({ code: 0 });
  for (const worker of [first, second]) expect(await worker.finished).toMatchObject({ code: 0 });
  expect(first.stderr).toContain('Draining');

  expect(await launched.finished).toMatchObject({ code: 0 });
  expect(JSON.parse(launched.stdout)).toMatchObject({ counts: { complete: 120, failed: 0 } });
  for (const { attempts } of await workers())
    expect(attempts).toMatchObject({ returned: 0, lost: 0, failed: 0 });
}, 120_000);
