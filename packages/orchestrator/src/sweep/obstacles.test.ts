import { expect, it } from 'vitest';
import { resumeOverrides } from '../config/index.ts';
import type { SweepConfig } from '../config/sweep-config.ts';
import { defineSampler } from '../samplers/plugin.ts';
import type { Store, SweepRow } from '../store/index.ts';
import { type Obstacle, obstaclesTo } from './obstacles.ts';
import { type RunningSweep, runSweep, storedSweep } from './testing/running-sweep.ts';

async function train({ worker, ended }: RunningSweep, losses: Iterator<number>): Promise<void> {
  for (;;) {
    const run = await Promise.race([worker.take(), ended]);
    if (!('job' in run)) return;
    const { value: loss, done } = losses.next();
    await run.started();
    if (done === true) {
      // What was in flight when the sweep ended.
      await run.finish({ kind: 'stopped' });
      continue;
    }
    await run.report(1, { loss });
    await run.finish({ kind: 'complete', values: {} });
  }
}

async function endedSweep(overrides: Partial<SweepConfig>, losses: readonly number[]) {
  const { store, sweep } = await storedSweep(overrides);
  const running = await runSweep(store, sweep);
  await train(running, losses.values());
  await running.ended;
  return { store, sweep: store.sweep(sweep.id)! };
}

/** The obstacles, and whether the sweep goes on with what they say: how many more trials it then tries. */
async function goneOn(store: Store, sweep: SweepRow): Promise<{ obstacles: Obstacle[]; more: number }> {
  const obstacles = obstaclesTo(store, sweep, null);
  const config = resumeOverrides(
    sweep.config,
    obstacles.map(({ set }) => set!),
  );
  const before = store.trials(sweep.id).length;
  const again = await runSweep(store, { ...sweep, config });
  await train(again, new Array<number>(1_000).fill(7).values());
  expect(await again.ended).toMatchObject({ state: 'complete' });
  return { obstacles, more: store.trials(sweep.id).length - before };
}

it('are none while a sweep has not ended, and none where it may go on', async () => {
  const { store, sweep } = await storedSweep({ runCap: 1 });
  expect(obstaclesTo(store, sweep, null)).toEqual([]);
  const ended = await endedSweep({ runCap: 1 }, [1]);
  const config = resumeOverrides(ended.sweep.config, ['run_cap=2']);
  expect(obstaclesTo(ended.store, { ...ended.sweep, config }, null)).toEqual([]);
});

it('are the run cap, with which twice as many are tried', async () => {
  const { store, sweep } = await endedSweep({ runCap: 3 }, [3, 2, 1]);
  expect(await goneOn(store, sweep)).toEqual({
    obstacles: [{ reason: 'run_cap of 3 is reached', set: 'run_cap=6' }],
    more: 3,
  });
});

it('are stagnation, with twice the patience where that is enough', async () => {
  const terminate = { stagnation: 2, regret: null };
  const { store, sweep } = await endedSweep({ runCap: 50, terminate }, [3, 1, 2, 2]);
  const { obstacles, more } = await goneOn(store, sweep);
  expect(obstacles).toEqual([
    {
      reason: 'the last 2 trials brought nothing better (terminate.stagnation)',
      set: 'terminate.stagnation=4',
    },
  ]);
  // Two that were no better before, two more, and perhaps one in flight.
  expect([2, 3]).toContain(more);
  expect(store.sweep(sweep.id)).toMatchObject({
    reason: 'the last 4 trials brought nothing better (terminate.stagnation)',
    config: { terminate: { stagnation: 4, regret: null } },
  });
});

it('are all that stand behind one another', async () => {
  const { store, sweep } = await endedSweep(
    {
      runCap: 4,
      metric: { name: 'loss', goal: 'minimize', target: 0.5, reduce: { type: 'last' } },
    },
    [3, 0.1],
  );
  const config = { ...sweep.config, runCap: 1, terminate: { stagnation: 1, regret: null } };
  const trials = store.trials(sweep.id).length;
  expect(obstaclesTo(store, { ...sweep, config }, null)).toEqual([
    { reason: 'loss reached its target: 0.1 (target 0.5)', set: 'metric.target=null' },
    { reason: 'run_cap of 1 is reached', set: `run_cap=${2 * trials}` },
  ]);
  expect((await goneOn(store, { ...sweep, config })).more).toBeGreaterThan(0);
});

it('are none where a trial of the user’s waits, or a setting that was changed meanwhile', async () => {
  const { store, sweep } = await endedSweep({ runCap: 1 }, [1]);
  const before = obstaclesTo(store, sweep, null);
  expect(before).toHaveLength(1);
  const enqueued = await store.addRequest(sweep.id, { kind: 'enqueue', params: { x: 0.5 } });
  expect(obstaclesTo(store, sweep, null)).toEqual([]);
  await store.withdrawRequest(enqueued, 'no longer');
  expect(obstaclesTo(store, sweep, null)).toEqual(before);
  await store.addRequest(sweep.id, { kind: 'set', set: ['run_cap=3'] });
  expect(obstaclesTo(store, sweep, null)).toEqual([]);
  const again = await runSweep(store, sweep);
  await train(again, [1, 2].values());
  expect(await again.ended).toMatchObject({ state: 'complete' });
  expect(store.trials(sweep.id)).toHaveLength(3);
});

it('are the budgets that are used up', async () => {
  const { store, sweep } = await endedSweep({ runCap: 10, budget: budget({ maxFailed: 1 }) }, [
    1,
    Number.NaN,
    Number.NaN,
  ]);
  expect(sweep).toMatchObject({ state: 'failed' });
  expect(obstaclesTo(store, sweep, null)).toEqual([
    { reason: '2 trials failed; budget.max_failed is 1', set: 'budget.max_failed=4' },
  ]);
  expect((await goneOn(store, sweep)).more).toBeGreaterThan(0);
  const config = { ...sweep.config, budget: budget({ wallclockMs: 1 }) };
  const [obstacle] = obstaclesTo(store, { ...sweep, config, wallSeconds: 100 }, null);
  expect(obstacle).toEqual({
    reason: 'budget.wallclock of 0.001 s is used up',
    set: 'budget.wallclock=4m',
  });
  const onGpus = { ...sweep.config, budget: budget({ gpuHours: 1.5 }) };
  expect(obstaclesTo(store, { ...sweep, config: onGpus, gpuSeconds: 6_000 }, null)[0]).toEqual({
    reason: 'budget.gpu_hours of 1.5 is used up',
    set: 'budget.gpu_hours=3.34',
  });
});

it('are not the failures that are about to be tried again', async () => {
  const overrides = { runCap: 10, budget: budget({ maxFailed: 0 }) };
  const { store, sweep } = await endedSweep(overrides, [1, Number.NaN]);
  expect(obstaclesTo(store, sweep, null)).toHaveLength(1);
  await store.addRequest(sweep.id, { kind: 'retry', number: 1 });
  expect(obstaclesTo(store, sweep, null)).toEqual([]);
  const again = await runSweep(store, sweep);
  await train(again, new Array<number>(20).fill(1).values());
  expect(await again.ended).toMatchObject({ state: 'complete' });
});

it('is the end of a grid, or of a sampler of one’s own, which no setting moves', async () => {
  const parameters = [
    { name: 'x', distribution: { kind: 'categorical', choices: [1, 2], ordered: true }, when: [] },
  ] as const;
  const grid = await endedSweep(
    { method: 'grid', sampler: { type: 'auto', options: {} }, parameters, runCap: 2 },
    [1, 2],
  );
  expect(obstaclesTo(grid.store, grid.sweep, null)).toEqual([
    { reason: 'run_cap of 2 is reached', set: 'run_cap=4' },
    { reason: 'every point of the space was tried', set: null },
  ]);
  const plugin = defineSampler({ name: 'done', create: () => ({ suggest: () => null }) });
  const own = await endedSweep({ runCap: 1 }, [1]);
  const config: SweepConfig = {
    ...own.sweep.config,
    runCap: 2,
    method: 'bayes',
    sampler: { type: 'module', options: {} },
  };
  expect(obstaclesTo(own.store, { ...own.sweep, config }, plugin)).toEqual([
    { reason: 'the sampler has nothing left to try', set: null },
  ]);
});

function budget(some: Partial<SweepConfig['budget']>): SweepConfig['budget'] {
  return { wallclockMs: null, trialWallclockMs: null, maxFailed: null, gpuHours: null, ...some };
}
