import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { artifactsDir, runPath } from '../artifact-paths.ts';
import type { SweepConfig } from '../config/sweep-config.ts';
import type { Store, SweepRow } from '../store/index.ts';
import { CheckpointKeeper } from './checkpoint-keeper.ts';
import { OpenTrials } from './open-trials.ts';
import { replayStudy } from './replay.ts';
import { DONE, type RunningSweep, runSweep, storedSweep } from './testing/running-sweep.ts';
import type { ScriptedRun } from './testing/scripted-worker.ts';

const MAX = 9;
const PROMOTING: Partial<SweepConfig> = {
  runCap: 9,
  fidelity: { unit: 'steps', min: 1, max: MAX },
  earlyTerminate: { type: 'asha', minIter: 1, maxIter: MAX, eta: 3, mode: 'promotion' },
  checkpoints: { every: 1, keep: ['best', 'latest'] },
};

/** Saves at every step of its budget. */
async function obey(run: ScriptedRun, lossAt: (step: number) => number): Promise<void> {
  const { budget } = run.job;
  await run.started();
  for (let step = budget.from + 1; step <= budget.to!; step++) {
    await run.report(step, { loss: lossAt(step) });
    await run.checkpoint(step);
  }
  await run.finish(DONE);
}

async function trainAll(
  { worker, ended }: RunningSweep,
  lossAt: (trial: number, step: number) => number,
  between: () => void | Promise<void> = () => undefined,
): Promise<void> {
  for (;;) {
    const run = await Promise.race([worker.take(), ended]);
    if (!('job' in run)) return;
    await between();
    await obey(run, (step) => lossAt(run.job.trial, step));
  }
}

/** Names of the checkpoint folders on the disk, by trial; trials without any are left out. */
function onDisk({ dir }: Store, { id }: SweepRow): Record<number, string[]> {
  const root = join(artifactsDir(dir), id);
  const names = (trial: string): string[] =>
    readdirSync(join(root, trial)).flatMap((run) => readdirSync(join(root, trial, run)));
  const trials = existsSync(root) ? readdirSync(root) : [];
  return Object.fromEntries(
    trials.map((trial) => [trial, names(trial)] as const).filter(([, found]) => found.length > 0),
  );
}

/** What SQLite holds must be what lies on the disk, whenever nothing is being removed. */
function inStore(store: Store, { id }: SweepRow): Record<number, string[]> {
  return Object.fromEntries(
    store
      .trials(id)
      .map(
        ({ number }) =>
          [number, store.checkpoints(id, number).map(({ step }) => `checkpoint-${step}`)] as const,
      )
      .filter(([, found]) => found.length > 0),
  );
}

it('leaves what waits its newest checkpoint, and at the end complete trials theirs', async () => {
  const { store, sweep } = await storedSweep(PROMOTING);
  const running = await runSweep(store, sweep);
  let looks = 0;
  await trainAll(
    running,
    (trial, step) => 10 - trial + 1 / step,
    async () => {
      // The newest of each paused trial, and nothing else of trials that have no run.
      await vi.waitFor(() => {
        const paused = store.trials(sweep.id, { states: ['paused'] });
        const found = onDisk(store, sweep);
        for (const { number, step } of paused) expect(found[number]).toEqual([`checkpoint-${step}`]);
        looks += paused.length;
      }, 20_000);
    },
  );
  expect(looks).toBeGreaterThan(20);
  const complete = store.trials(sweep.id, { states: ['complete'] });
  expect(complete.length).toBeGreaterThanOrEqual(1);
  const expected = Object.fromEntries(complete.map(({ number }) => [number, [`checkpoint-${MAX}`]]));
  expect(onDisk(store, sweep)).toEqual(expected);
  expect(inStore(store, sweep)).toEqual(expected);
});

it('keeps the best trial’s alone where the file says `best`, and removes it when a better one comes', async () => {
  const { store, sweep } = await storedSweep({
    runCap: 4,
    fidelity: { unit: 'steps', min: 1, max: 2 },
    checkpoints: { every: 1, keep: ['best'] },
  });
  const running = await runSweep(store, sweep);
  await trainAll(running, (trial) => [3, 1, 2, 0.5][trial]!);
  expect(store.sweep(sweep.id)?.counts).toMatchObject({ complete: 4 });
  expect(onDisk(store, sweep)).toEqual({ 3: ['checkpoint-2'] });
  expect(inStore(store, sweep)).toEqual({ 3: ['checkpoint-2'] });
});

it('keeps the model of a best trial that it comes to before it is told that it is complete', async () => {
  const { store, sweep } = await storedSweep({ checkpoints: { every: 1, keep: ['best'] } });
  const study = replayStudy(store, sweep.id, sweep.config);
  const trials = new OpenTrials();
  const writer = await store.claim(sweep.id);
  await writer.transaction((tx) => {
    for (const number of [0, 1]) {
      const asked = study.ask()!;
      tx.addTrial(asked);
      tx.openAttempt(number);
      const run = { runId: `run-${number}`, workerId: 'w', worker: 'w', slot: 0, backend: 'cpu', at: 1 };
      tx.bindAttempt(number, 1, run);
      trials.add({ ...asked, phase: 'running' });
      for (const step of [1, 2]) {
        study.report(number, step, { loss: 1 });
        const path = `${runPath(sweep.id, number, run.runId)}/checkpoint-${step}`;
        mkdirSync(join(artifactsDir(store.dir), path), { recursive: true });
        tx.addCheckpoint(number, { attempt: 1, step, path });
      }
    }
  });
  await writer.release();
  const keeper = new CheckpointKeeper({ store, sweep, study, trials, onNotice: () => undefined });
  keeper.look({ saved: new Set([0, 1]), finished: [] });
  // It is busy with trial 0. What completes meanwhile is in study and store before the loop comes to tell the keeper.
  study.tell(1, { state: 'complete', values: {} });
  trials.remove(1);
  await keeper.settle();
  expect(onDisk(store, sweep)).toEqual({ 0: ['checkpoint-2'], 1: ['checkpoint-2'] });
});

it('keeps the front where there are several metrics', async () => {
  const size = { name: 'size', goal: 'minimize', target: null, reduce: { type: 'last' } } as const;
  const { store, sweep } = await storedSweep({
    runCap: 3,
    otherMetrics: [size],
    checkpoints: { every: 1, keep: ['best'] },
  });
  const { worker, ended } = await runSweep(store, sweep);
  for (const [loss, size] of [
    [1, 5],
    [2, 2],
    [3, 3],
  ] as const) {
    const run = await worker.take();
    await run.started();
    await run.report(1, { loss, size });
    await run.checkpoint(1);
    await run.finish(DONE);
  }
  await ended;
  expect(Object.keys(onDisk(store, sweep))).toEqual(['0', '1']);
});

it('keeps the step of the best report where that is the value, beside the newest', async () => {
  const { store, sweep } = await storedSweep({
    runCap: 2,
    metric: { name: 'loss', goal: 'maximize', target: null, reduce: { type: 'best' } },
    fidelity: { unit: 'steps', min: 1, max: 4 },
    checkpoints: { every: 1, keep: ['best', 'latest'] },
  });
  const running = await runSweep(store, sweep);
  await trainAll(running, (trial, step) => [0, 2, 9, 3, 1][step]! + trial);
  expect(onDisk(store, sweep)).toEqual({ 0: ['checkpoint-4'], 1: expect.any(Array) });
  expect(onDisk(store, sweep)[1]!.toSorted()).toEqual(['checkpoint-2', 'checkpoint-4']);
});

it('keeps the newest where the trainer returned another value than its best report', async () => {
  const { store, sweep } = await storedSweep({
    runCap: 1,
    metric: { name: 'loss', goal: 'minimize', target: null, reduce: { type: 'best' } },
    fidelity: { unit: 'steps', min: 1, max: 3 },
    checkpoints: { every: 1, keep: ['best'] },
  });
  const { worker, ended } = await runSweep(store, sweep);
  const run = await worker.take();
  await run.started();
  for (const [step, loss] of [
    [1, 1],
    [2, 3],
    [3, 2],
  ] as const) {
    await run.report(step, { loss });
    await run.checkpoint(step);
  }
  await run.finish({ kind: 'complete', values: { loss: 1.5 } });
  await ended;
  expect(onDisk(store, sweep)).toEqual({ 0: ['checkpoint-3'] });
});

it('removes nothing where the file says `all`, or nothing of checkpoints', async () => {
  for (const checkpoints of [null, { every: 1, keep: ['all'] as const }]) {
    const { store, sweep } = await storedSweep({ ...PROMOTING, runCap: 3, checkpoints });
    const running = await runSweep(store, sweep);
    await trainAll(running, (trial) => trial);
    const steps = store.trials(sweep.id).map(({ step }) => step);
    expect(Object.values(onDisk(store, sweep)).map((names) => names.length)).toEqual(steps);
  }
});

it('leaves a stopped trial’s folder to its run until that has ended', async () => {
  const { store, sweep } = await storedSweep({ ...PROMOTING, earlyTerminate: null, runCap: 2 });
  const { worker, ended, states } = await runSweep(store, sweep);
  const run = await worker.take();
  await run.started();
  await run.report(1, { loss: 1 });
  await run.checkpoint(1);
  await run.committed();
  await store.addRequest(sweep.id, { kind: 'stop-trial', number: 0 });
  await vi.waitFor(() => expect(states()[0]).toBe('stopped'));
  await run.checkpoint(2);
  await run.committed();
  expect(onDisk(store, sweep)[0]).toContain('checkpoint-2');
  await run.finish({ kind: 'stopped' });
  await obey(await worker.take(), () => 1);
  await ended;
  expect(onDisk(store, sweep)).toEqual({ 1: [`checkpoint-${MAX}`] });
});

it('removes in the next life what an earlier one had no time for: rows, folders without rows, and halves', async () => {
  const { store, sweep } = await storedSweep({
    ...PROMOTING,
    runCap: 3,
    checkpoints: { every: 1, keep: ['all'] },
  });
  await trainAll(await runSweep(store, sweep), (trial) => trial);
  const [pruned] = store.trials(sweep.id, { states: ['pruned'] });
  const [attempt] = store.attempts(sweep.id, pruned!.number);
  const run = join(artifactsDir(store.dir), sweep.id, String(pruned!.number), attempt!.runId!);
  // One that was never committed, one that was never finished, and what is none.
  for (const name of ['checkpoint-7', 'checkpoint-8.writing-123', 'artifacts']) mkdirSync(join(run, name));
  const config = { ...sweep.config, runCap: 3, checkpoints: PROMOTING.checkpoints! };
  const again = await runSweep(store, { ...store.sweep(sweep.id)!, config });
  expect(await again.ended).toMatchObject({ state: 'complete' });
  const [complete] = store.trials(sweep.id, { states: ['complete'] });
  expect(onDisk(store, sweep)).toEqual({
    [complete!.number]: [`checkpoint-${MAX}`],
    [pruned!.number]: ['artifacts'],
  });
  expect(inStore(store, sweep)).toEqual({ [complete!.number]: [`checkpoint-${MAX}`] });
});

it('removes nothing outside of the trial’s own folder, whatever path a worker names', async () => {
  const { store, sweep } = await storedSweep({ ...PROMOTING, earlyTerminate: null, runCap: 1 });
  const outside = [
    'precious',
    `artifacts/${sweep.id}/0/run/other`,
    `artifacts/${sweep.id}/1/run/checkpoint-1`,
  ];
  for (const path of outside) mkdirSync(join(store.dir, path), { recursive: true });
  const { worker, ended } = await runSweep(store, sweep);
  const run = await worker.take();
  await run.started();
  const hostile = [
    '../precious',
    `${sweep.id}/0/../../../precious`,
    `${sweep.id}/0/run/other`,
    `${sweep.id}/1/run/checkpoint-1`,
  ];
  for (const [index, path] of hostile.entries()) {
    await run.report(index + 1, { loss: 1 });
    await run.tellOfCheckpoint(index + 1, path);
  }
  await run.checkpoint(hostile.length + 1);
  await run.finish(DONE);
  await ended;
  for (const path of outside) expect(existsSync(join(store.dir, path)), path).toBe(true);
});

it('removes nothing behind a symbolic link, and says so', async () => {
  const { store, sweep, dir } = await storedSweep({ runCap: 1, checkpoints: { every: 1, keep: ['latest'] } });
  const { worker, ended, notices } = await runSweep(store, sweep);
  const run = await worker.take();
  await run.started();
  await run.report(1, { loss: 1 });
  await run.checkpoint(1);
  const precious = join(dir, 'precious');
  mkdirSync(join(precious, 'checkpoint-1'), { recursive: true });
  symlinkSync(precious, join(artifactsDir(store.dir), sweep.id, '0', 'linked'));
  await run.finish(DONE);
  await ended;
  expect(existsSync(join(precious, 'checkpoint-1'))).toBe(true);
  expect(notices).toContainEqual(expect.stringContaining('symbolic link'));
});
