import { join } from 'node:path';
import { openStore } from '@tfsweep/orchestrator/store';
import { expect, it, onTestFinished } from 'vitest';
import { writeQuickSweep } from './quick-sweep.ts';
import { type Finished, Playground, until } from './tfsweep.ts';

interface Listed {
  readonly state: string;
  readonly counts: Record<string, number>;
}
interface Ranked {
  readonly number: number;
  readonly state: string;
  readonly params: { readonly x: number };
}

async function json<T>(playground: Playground, ...args: string[]): Promise<T> {
  const { stdout } = await playground.run([...args, '--json']);
  return JSON.parse(stdout) as T;
}

async function listed(playground: Playground): Promise<Listed> {
  return (await json<Listed[]>(playground, 'list'))[0]!;
}

it('is paused, given a trial of choice, changed and resumed from another terminal', async () => {
  const playground = Playground.create();
  const sweep = writeQuickSweep(playground, { trials: 60, pauseMs: 100 });
  const running = playground.start(['launch', sweep, '--workers', '2', '--no-dashboard']);
  await until('a first trial is complete', () => /[1-9]\d*\/60 trials/.test(running.stderr));

  expect((await playground.run(['pause', 'quick'])).stdout).toContain('quick: paused');
  await until('what ran is over', async () => (await listed(playground)).counts.running === 0);
  const held = await listed(playground);
  expect(held.state).toBe('paused');
  const wrong = await playground.run(['enqueue', 'quick', '--params', 'y=1']);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('no parameter is called `y`') });
  expect(await playground.run(['enqueue', 'quick', '--params', 'x=0.3'])).toMatchObject({ code: 0 });
  const more = String(held.counts.complete! + 3);
  expect(await playground.run(['set', 'quick', 'concurrency=1', `run_cap=${more}`])).toMatchObject({
    code: 0,
  });
  expect((await listed(playground)).counts.complete).toBe(held.counts.complete);

  expect((await playground.run(['resume', 'quick'])).stdout).toContain('quick: goes on');
  expect(await running.finished).toMatchObject({ code: 0 });
  const trials = await json<Ranked[]>(playground, 'leaderboard', 'quick', '--all');
  expect(trials.filter(({ params }) => params.x === 0.3)).toMatchObject([{ state: 'complete' }]);
  expect(await listed(playground)).toMatchObject({ state: 'complete' });
}, 120_000);

it('begins a trial of choice in a reproducible sweep when its turn comes', async () => {
  const playground = Playground.create();
  const sweep = writeQuickSweep(playground, { trials: 4, pauseMs: 4_000, extra: 'reproducible: {lag: 1}' });
  const running = playground.start(['launch', sweep, '--workers', '1', '--no-dashboard']);
  await until(
    'a first trial runs',
    async () => (await listed(playground).catch(() => null))?.counts.running === 1,
  );
  const enqueued = await playground.run(['enqueue', 'quick', '--params', 'x=0.3']);
  expect(enqueued).toMatchObject({
    code: 0,
    stdout: 'quick: the trial is queued when its turn in the order comes\n',
  });
  expect(await playground.run(['set', 'quick', 'run_cap=2'])).toMatchObject({ code: 0 });
  expect(await running.finished).toMatchObject({ code: 0 });
  const trials = await json<Ranked[]>(playground, 'leaderboard', 'quick', '--all');
  expect(trials.filter(({ params }) => params.x === 0.3)).toMatchObject([{ state: 'complete' }]);
}, 120_000);

it('carries each request out once, although the orchestrator is killed again and again', async () => {
  const playground = Playground.create();
  const sweep = writeQuickSweep(playground, { trials: 6, pauseMs: 150 });
  let running = playground.start(['launch', sweep, '--workers', '1', '--no-dashboard']);
  await until('it runs', () => running.stderr.includes('running'));
  const store = openStore(join(playground.folder, '.tfsweep'));
  onTestFinished(() => store.close());
  const { id } = store.sweep('quick')!;
  const isPending = (): boolean => store.pendingRequests(id).length > 0;
  const chosen: number[] = [];
  const requests: Array<Promise<Finished>> = [];
  // A kill counts where it came between the writing of a request and its outcome.
  for (let hits = 0, kills = 0; hits < 3; kills++) {
    expect(kills).toBeLessThan(10);
    for (let more = 4; more > 0; more--) {
      chosen.push((chosen.length + 1) / 1000);
      requests.push(playground.run(['enqueue', 'quick', '--params', `x=${chosen.at(-1)}`]));
    }
    while (!isPending()) await new Promise((resolve) => setTimeout(resolve, 1));
    running.kill('SIGKILL');
    await running.finished;
    if (isPending()) hits += 1;
    running = playground.start(['resume', 'quick', '--workers', '1', '--no-dashboard']);
    await until('what waited is carried out', () => !isPending());
  }
  for (const { code } of await Promise.all(requests)) expect(code).toBe(0);
  await running.finished;
  const last = await playground.run(['resume', 'quick', '--workers', '1', '--no-dashboard', '--json']);
  expect(last.code).toBe(0);

  const trials = await json<Ranked[]>(playground, 'leaderboard', 'quick', '--all');
  const found = trials.filter(({ params }) => chosen.includes(params.x));
  expect(found.map(({ params }) => params.x).sort((a, b) => a - b)).toEqual(chosen);
  expect(new Set(trials.map(({ state }) => state))).toEqual(new Set(['complete']));
  expect(trials.map(({ number }) => number).sort((a, b) => a - b)).toEqual(trials.map((_, i) => i));
}, 180_000);
