import { expect, it } from 'vitest';
import { rankTrials, readTrial } from '../../packages/dashboard/src/web/trials.ts';
import type { LeaderboardRow } from '../../packages/dashboard/src/wire.ts';
import {
  nineTrials,
  ORDER_OF_NINE,
  SEVERAL_METRICS,
} from '../../packages/orchestrator/src/store/testing/several-metrics.ts';
import { askJson, serve } from './dashboard-client.ts';
import { SampleSweep, tempDir } from './sample-store.ts';

it.each(['minimize', 'maximize'] as const)('ranks in the page as the store does (%s)', async (goal) => {
  const dir = tempDir();
  const metric = { name: 'val_accuracy', goal, target: null, reduce: { type: 'last' } } as const;
  const sweep = await SampleSweep.create(dir, { metric });
  const values = [0.5, 0.9, 0.5, Number.POSITIVE_INFINITY, 0.1, Number.NEGATIVE_INFINITY, 0.7];
  for (const [number, value] of values.entries()) await sweep.complete(number, value, { accuracies: [0.5] });
  await sweep.prune(7, { accuracies: [0.2] });
  await sweep.prune(8, { accuracies: [0.2, 0.4] });
  await sweep.prune(9, { accuracies: [0.2, 0.3] });
  await sweep.prune(10, { accuracies: [0.2, 0.3] });
  await sweep.fail(11, 'no such column');
  await sweep.start(12);
  await sweep.write((tx) => tx.addTrial({ number: 13, params: {}, sampler: 'random' }));

  const stored = await askJson<LeaderboardRow[]>(await serve(dir), '/api/sweeps/digits/leaderboard');
  const byNumber = [...stored].sort((a, b) => a.number - b.number).map(readTrial);
  const inPage = rankTrials(byNumber, { metric, otherMetrics: [] });
  expect(inPage.map((row) => [row.rank, row.trial.number])).toEqual(
    stored.map((row) => [row.rank, row.number]),
  );
});

it('ranks several metrics in the page as the store and the command line do', async () => {
  const dir = tempDir();
  const sweep = await SampleSweep.create(dir, SEVERAL_METRICS);
  await sweep.write(nineTrials);
  const stored = await askJson<LeaderboardRow[]>(await serve(dir), '/api/sweeps/digits/leaderboard');
  expect(stored.map(({ number }) => number)).toEqual(ORDER_OF_NINE);
  const inPage = rankTrials([...stored].reverse().map(readTrial), SEVERAL_METRICS);
  expect(inPage.map((row) => [row.rank, row.front, row.trial.number])).toEqual(
    stored.map((row) => [row.rank, row.front, row.number]),
  );
  const page = await askJson<LeaderboardRow[]>(
    await serve(dir),
    '/api/sweeps/digits/leaderboard?offset=1&limit=2',
  );
  expect(page.map(({ number, rank }) => [number, rank])).toEqual([
    [1, 2],
    [0, 3],
  ]);
});
