import { expect, it } from 'vitest';
import { createRng, type Rng } from '../study/rng.ts';
import { DONE, runSweep, storedSweep } from './testing/running-sweep.ts';
import type { ScriptedRun } from './testing/scripted-worker.ts';

const STEPS = 4;
const TRIALS = 14;

const ORDERED = {
  runCap: TRIALS,
  method: 'bayes',
  sampler: { type: 'tpe', options: { n_startup_trials: 4 } },
  fidelity: { unit: 'steps', min: 1, max: STEPS },
  earlyTerminate: { type: 'median', startupTrials: 2, warmupSteps: 1 },
  reproducible: { lag: 4 },
} as const;

function lossAt({ job }: ScriptedRun, step: number): number {
  return (Number(job.params.x) - 0.3) ** 2 + 0.5 / step;
}

/**
 * The whole sweep with that many workers. Who goes on next is drawn; null: nobody waits for anybody. All events pass the
 * real loop; a step of a run is over when its report is committed and answered.
 */
async function sweep(workers: number, rng: Rng | null) {
  const { store, sweep: row } = await storedSweep(ORDERED);
  // However slow the machine: no run is to be lost here.
  const running = await runSweep(store, row, workers, null, undefined, 60_000);
  let mostOpen = 0;
  const stopped = (run: ScriptedRun): boolean => store.trial(row.id, run.job.trial)?.state === 'pruned';
  const unfinished = (): number => store.trials(row.id, { states: ['queued', 'running'] }).length;
  const isOver = (): boolean => store.trials(row.id, { states: ['complete', 'pruned'] }).length === TRIALS;

  async function lane(worker: (typeof running.workers)[number], pause: () => Promise<void>): Promise<void> {
    for (;;) {
      const run = await Promise.race([worker.take(), running.ended.then(() => null)]);
      if (run === null || isOver()) return;
      await run.started();
      mostOpen = Math.max(mostOpen, unfinished());
      for (let step = 1; step <= STEPS; step++) {
        await pause();
        await run.report(step, { loss: lossAt(run, step) });
        await run.committed();
        if (stopped(run)) break;
      }
      await pause();
      await run.finish(stopped(run) ? { kind: 'stopped' } : DONE);
    }
  }

  const pause =
    rng === null
      ? async () => undefined
      : async () => {
          for (let n = rng.int(12); n > 0; n--) await turn();
        };
  await Promise.all(running.workers.map((worker) => lane(worker, pause)));
  expect(await running.ended).toMatchObject({ state: 'complete' });
  expect(running.notices).toEqual([]);
  return {
    mostOpen,
    trials: store
      .trials(row.id)
      .map(({ number, params, state, step, reason }) => ({ number, params, state, step, reason })),
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

it('tries and stops the same with one worker and with four or six, in whatever order they finish', async () => {
  const alone = await sweep(1, null);
  expect(new Set(alone.trials.map(({ state }) => state))).toEqual(new Set(['complete', 'pruned']));
  for (const [workers, order] of [
    [4, 1],
    [4, 2],
    [6, 3],
  ] as const) {
    const together = await sweep(workers, createRng(order, 0, 'order'));
    expect(together.trials).toEqual(alone.trials);
    expect(together.mostOpen).toBeLessThanOrEqual(4);
    expect(together.mostOpen).toBeGreaterThan(1);
  }
}, 180_000);
