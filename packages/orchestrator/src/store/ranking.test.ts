import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { DATABASE_NAME } from './open-database.ts';
import { openSweep, runTrial, startTrial } from './testing/sample-sweeps.ts';
import { SWEEP_SELECT, trialsSql } from './trial-queries.ts';

describe('the ranking', () => {
  it.each(['maximize', 'minimize'] as const)('orders trials as the design says (%s)', async (goal) => {
    const sign = goal === 'maximize' ? 1 : -1;
    const metric = { name: 'val_accuracy', goal, target: null, reduce: { type: 'last' as const } };
    const { store, sweep, writer } = await openSweep({ metric });
    await writer.transaction((tx) => {
      runTrial(tx, 0, { metrics: [sign * 0.2] });
      runTrial(tx, 1, { metrics: [sign * 0.1, sign * 0.7], end: 'pruned' });
      runTrial(tx, 2, { metrics: [sign * 0.9] });
      runTrial(tx, 3, { end: 'failed' });
      runTrial(tx, 4, { metrics: [sign * 0.2] });
      runTrial(tx, 5, { metrics: [sign * 0.99], end: 'pruned' });
      runTrial(tx, 6, { metrics: [sign * 0.1, sign * 0.8], end: 'pruned' });
      runTrial(tx, 7, { metrics: [], end: 'pruned' });
      runTrial(tx, 8, { end: 'stopped' });
      startTrial(tx, 9);
      tx.addTrial({ number: 10, params: {}, sampler: 'random' });
      startTrial(tx, 11);
    });
    const ranked = store.trials(sweep.id, { ranked: true }).map(({ number }) => number);
    expect(ranked).toEqual([2, 0, 4, 6, 1, 5, 7, 9, 11, 10, 8, 3]);
    expect(store.sweep()?.best).toMatchObject({ number: 2, value: sign * 0.9 });
    const page = store.trials(sweep.id, { ranked: true, limit: 3, offset: 2 });
    expect(page.map(({ number }) => number)).toEqual([4, 6, 1]);
    const chosen = store.trials(sweep.id, { ranked: true, states: ['failed', 'pruned'], limit: 2 });
    expect(chosen.map(({ number }) => number)).toEqual([6, 1]);
    const byNumber = store.trials(sweep.id, { states: ['failed', 'pruned'], offset: 1 });
    expect(byNumber.map(({ number }) => number)).toEqual([3, 5, 6, 7]);
    expect(store.trials(sweep.id, { states: [] })).toEqual([]);
  });

  it('comes from an index, as do the best trial and the open ones, with 100,000 trials', async () => {
    const { dir, store, sweep } = await openSweep();
    const raw = new Database(join(dir, DATABASE_NAME));
    raw.exec(`
      INSERT INTO trials (sweep, number, direction, params, sampler, created_at)
      WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99999)
      SELECT 1, i, -1, '{}', 'random', 0 FROM n;
      UPDATE trials SET state = 'running' WHERE number < 99990;
      UPDATE trials SET state = 'complete', value = (number * 7919) % 99991, finished_at = 1 WHERE number < 99980;`);
    const plan = (text: string, values: readonly (string | number)[]): string =>
      (raw.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...values) as Array<{ detail: string }>)
        .map(({ detail }) => detail)
        .join('\n');
    for (const query of [{}, { limit: 20 }, { limit: 20, offset: 500, states: ['complete'] as const }]) {
      const { text, values } = trialsSql(1, { ...query, ranked: true });
      expect(plan(text, values)).toContain('SEARCH trials USING INDEX trials_ranked');
      expect(plan(text, values)).not.toContain('TEMP B-TREE');
    }
    const open = trialsSql(1, { states: ['queued', 'running'] });
    expect(plan(open.text, open.values)).toContain('trials_ranked (sweep=? AND rank_class=?)');
    const best = plan(SWEEP_SELECT, []);
    expect(best).toContain('SEARCH trials USING INDEX trials_ranked (sweep=? AND rank_class=?)');
    expect(best).not.toContain('SCAN trials');
    raw.close();
    expect(store.sweep()).toMatchObject({
      counts: { queued: 10, running: 10, complete: 99_980 },
      best: { value: 99_990 },
    });
    const top = store.trials(sweep.id, { ranked: true, limit: 3 }).map(({ value }) => value);
    expect(top).toEqual([99_990, 99_989, 99_988]);
    expect(store.trials(sweep.id, { states: ['queued', 'running'] })).toHaveLength(20);
  });
});
