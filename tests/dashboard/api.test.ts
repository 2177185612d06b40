import { describe, expect, it } from 'vitest';
import type { LeaderboardRow, SweepView, TrialDetail } from '../../packages/dashboard/src/wire.ts';
import { ask, askJson, serve } from './dashboard-client.ts';
import { SampleSweep, tempDir } from './sample-store.ts';

describe('the JSON API', () => {
  it('lists sweeps with their counts, their best and what they look for', async () => {
    const dir = tempDir();
    const sweep = await SampleSweep.create(dir);
    await sweep.complete(0, 0.9);
    await sweep.complete(1, 0.95);
    await sweep.start(2);
    const url = await serve(dir);

    const [listed] = await askJson<SweepView[]>(url, '/api/sweeps');
    expect(listed).toMatchObject({
      name: 'digits',
      state: 'running',
      attended: true,
      metric: { name: 'val_accuracy', goal: 'maximize', target: null },
      parameters: ['learning_rate', 'units', 'optimizer'],
      counts: { complete: 2, running: 1, queued: 0 },
      best: { number: 1, value: 0.95 },
      runCap: 20,
    });
    expect(await askJson(url, `/api/sweeps/${sweep.id}`)).toMatchObject({ id: sweep.id, name: 'digits' });
    expect(await askJson(url, '/api/sweeps/digits')).toMatchObject({ id: sweep.id });
  });

  it('ranks complete trials, and lets a caller choose states and a part', async () => {
    const dir = tempDir();
    const sweep = await SampleSweep.create(dir);
    await sweep.complete(0, 0.9);
    await sweep.complete(1, 0.95);
    await sweep.prune(2, { accuracies: [0.2, 0.3] });
    await sweep.complete(3, 0.92);
    const url = await serve(dir);
    const ranks = async (query: string): Promise<unknown> => {
      const rows = await askJson<LeaderboardRow[]>(url, `/api/sweeps/digits/leaderboard${query}`);
      return rows.map((row) => [row.rank, row.number]);
    };

    expect(await ranks('')).toEqual([
      [1, 1],
      [2, 3],
      [3, 0],
      [null, 2],
    ]);
    expect(await ranks('?limit=2&offset=1')).toEqual([
      [2, 3],
      [3, 0],
    ]);
    expect(await ranks('?state=pruned')).toEqual([[null, 2]]);
  });

  it('tells a trial whole: parameters, reports, attempts and the error with its stack', async () => {
    const dir = tempDir();
    const sweep = await SampleSweep.create(dir);
    await sweep.fail(0, 'no such column', { accuracies: [0.1, 0.2] });
    const url = await serve(dir);

    expect(await askJson<TrialDetail>(url, '/api/sweeps/digits/trials/0')).toMatchObject({
      number: 0,
      state: 'failed',
      params: { learning_rate: 0.001, units: 64, optimizer: 'adam' },
      error: {
        kind: 'throw',
        message: 'no such column',
        at: 'train.ts:12:7',
        stack: expect.stringMatching(/at train/),
      },
      attemptList: [{ attempt: 1, outcome: 'failed', worker: 'host-0:1' }],
      reports: [
        { attempt: 1, step: 1, values: { val_accuracy: 0.1 } },
        { attempt: 1, step: 2, values: { val_accuracy: 0.2 } },
      ],
    });
  });

  it('carries values that JSON has no number for', async () => {
    const dir = tempDir();
    const sweep = await SampleSweep.create(dir);
    await sweep.complete(0, Number.NEGATIVE_INFINITY, { accuracies: [0.5] });
    const url = await serve(dir);

    const trial = await askJson<TrialDetail>(url, '/api/sweeps/digits/trials/0');
    expect(trial.value).toBe('-Infinity');
  });

  it('answers 404 for sweeps, trials and routes that are not there', async () => {
    const dir = tempDir();
    await SampleSweep.create(dir);
    const url = await serve(dir);
    const paths = [
      '/api/sweeps/other',
      '/api/sweeps/digits/trials/7',
      '/api/sweeps/digits/trials/-1',
      '/api/other',
      '/x',
    ];
    for (const path of paths) expect((await ask(url, path)).status, path).toBe(404);
  });

  it('lists nothing where there is no store yet, and leaves none behind', async () => {
    const dir = tempDir();
    const url = await serve(dir);
    expect(await askJson(url, '/api/sweeps')).toEqual([]);
    expect((await ask(url, '/api/sweeps/digits')).status).toBe(404);
  });
});
