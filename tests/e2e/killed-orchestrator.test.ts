import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { writeQuickSweep } from './quick-sweep.ts';
import { Playground, until } from './tfsweep.ts';

const TRIALS = 60;
const KILLS = 10;

interface TrialJson {
  number: number;
  state: string;
  value: number | null;
}

/** Park-Miller: the moments of the kills differ, and are the same in every run. */
function moments(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

it('loses nothing and counts nothing twice when the orchestrator is killed with -9 ten times in mid-sweep', async () => {
  const playground = Playground.create();
  const sweep = writeQuickSweep(playground, { trials: TRIALS, pauseMs: 120 });
  const next = moments(20_261_124);
  const finishedBefore = new Map<number, TrialJson>();

  for (let kill = 0; kill < KILLS; kill++) {
    const verb = kill === 0 ? ['launch', sweep] : ['resume', 'quick'];
    const running = playground.start([...verb, '--workers', '2', '--no-dashboard']);
    await until('a runner is up', () => playground.processes('runner/main.js').length > 0);
    await sleep(1_200 * next());
    running.kill('SIGKILL');
    await running.finished;
    expect(await playground.processesLeft()).toEqual([]);
    for (const trial of await trialsOf(playground)) {
      const before = finishedBefore.get(trial.number);
      if (before) expect(trial).toEqual(before);
      if (['complete', 'pruned', 'failed', 'stopped'].includes(trial.state))
        finishedBefore.set(trial.number, trial);
    }
  }
  const last = await playground.run(['resume', 'quick', '--workers', '2', '--json']);
  expect(last).toMatchObject({ code: 0 });
  expect(JSON.parse(last.stdout)).toMatchObject({
    state: 'complete',
    counts: { complete: TRIALS, failed: 0 },
  });

  const trials = (await trialsOf(playground)).toSorted((a, b) => a.number - b.number);
  expect(trials.map((trial) => trial.number)).toEqual(Array.from({ length: TRIALS }, (_, number) => number));
  for (const [number, before] of finishedBefore) expect(trials[number]).toEqual(before);
}, 240_000);

async function trialsOf(playground: Playground): Promise<TrialJson[]> {
  const { code, stdout } = await playground.run(['leaderboard', 'quick', '--json', '--all']);
  if (code !== 0) return []; // killed before the sweep was created
  const rows = JSON.parse(stdout) as TrialJson[];
  return rows.map(({ number, state, value }) => ({ number, state, value }));
}
