import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { openStore } from '../store/index.ts';
import { migrations } from '../store/migrations/index.ts';
import { DATABASE_NAME } from '../store/open-database.ts';
import { tempDir } from '../store/testing/sample-sweeps.ts';
import { replayStudy } from './replay.ts';
import { runSweep, train } from './testing/running-sweep.ts';
import { versionOneDatabase } from './testing/version-one.ts';

function opened(runCap: number) {
  const dir = tempDir();
  versionOneDatabase(dir, runCap);
  const store = openStore(dir);
  onTestFinished(() => store.close());
  return { dir, store, sweep: store.sweep('old')! };
}

it('lists and ranks the sweeps of a database of the first version as that one did', () => {
  const { dir, store, sweep } = opened(6);
  const version = new Database(join(dir, DATABASE_NAME), { readonly: true });
  expect(version.pragma('user_version', { simple: true })).toBe(migrations.length);
  version.close();
  expect(store.sweeps()).toMatchObject([
    { name: 'old', state: 'paused', best: { number: 1, value: 0.25 }, counts: { complete: 2, queued: 1 } },
  ]);
  expect(sweep.config).toMatchObject({ otherMetrics: [], reproducible: null, fixed: {} });
  const ranked = store.trials(sweep.id, { ranked: true });
  expect(ranked.map(({ number, violation }) => [number, violation])).toEqual([
    [1, 0],
    [0, 0],
    [2, null],
    [3, null],
  ]);
  expect(store.transfer(sweep.id)).toEqual([]);
});

it('charges the runs of an older store for as long as it knew them to run', () => {
  const dir = tempDir();
  versionOneDatabase(dir, 6);
  const db = new Database(join(dir, DATABASE_NAME));
  for (const step of migrations.slice(1, 5)) db.exec(step);
  db.pragma('user_version = 5');
  db.exec(`
    INSERT INTO attempts (sweep, number, attempt, opened_at) VALUES (1, 3, 1, 0);
    UPDATE attempts SET run_id = 'a', backend = 'wasm', gpus = 2, started_at = 1000 WHERE number = 3 AND attempt = 1;
    UPDATE attempts SET outcome = 'lost', finished_at = 1400 WHERE number = 3 AND attempt = 1;
    INSERT INTO attempts (sweep, number, attempt, opened_at) VALUES (1, 3, 2, 0);
    UPDATE attempts SET run_id = 'b', backend = 'wasm', gpus = 1, started_at = 2000 WHERE number = 3 AND attempt = 2;
    INSERT INTO reports VALUES (1, 3, 2, 1, '{}', 2200), (1, 3, 2, 2, '{}', 2700);`);
  db.close();
  const store = openStore(dir);
  onTestFinished(() => store.close());
  expect(store.attempts(store.sweep('old')!.id, 3)).toMatchObject([
    { outcome: 'lost', ranMs: 400, seenAt: 1400 },
    { outcome: null, ranMs: 700, seenAt: 2700 },
  ]);
  expect(store.sweep('old')?.gpuSeconds).toBe(0.8);
});

it('goes on with such a sweep where it was', async () => {
  const { store, sweep } = opened(5);
  const study = replayStudy(store, sweep.id, sweep.config);
  expect(study.trials().map(({ state, value }) => [state, value])).toEqual([
    ['complete', 0.5],
    ['complete', 0.25],
    ['pruned', null],
    ['running', null],
  ]);
  const expected = study.ask()!.params;
  const running = await runSweep(store, sweep);
  const waiting = await running.worker.take();
  expect(waiting.job).toMatchObject({ trial: 3, params: { x: 0.3 } });
  await train(waiting, [0.1]);
  const next = await running.worker.take();
  expect(next.job.params).toEqual(expected);
  await train(next, [0.2]);
  expect(await running.ended).toMatchObject({ state: 'complete' });
  expect(store.sweep(sweep.id)).toMatchObject({ best: { number: 3, value: 0.1 }, counts: { complete: 4 } });
});
