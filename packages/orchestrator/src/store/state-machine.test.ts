import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DATABASE_NAME } from './open-database.ts';
import { bind, openSweep, runTrial, startTrial } from './testing/sample-sweeps.ts';
import type { TrialState } from './types.ts';

const STATES: readonly TrialState[] = [
  'queued',
  'running',
  'paused',
  'complete',
  'pruned',
  'failed',
  'stopped',
];

/** design.md, 'Words', written out a second time. */
const LEGAL = new Set([
  'queued→running',
  'queued→stopped',
  'running→queued',
  'running→paused',
  'running→complete',
  'running→pruned',
  'running→failed',
  'running→stopped',
  'paused→queued',
  'paused→pruned',
]);

const WAY_TO: Record<TrialState, readonly TrialState[]> = {
  queued: [],
  running: ['running'],
  paused: ['running', 'paused'],
  complete: ['running', 'complete'],
  pruned: ['running', 'pruned'],
  failed: ['running', 'failed'],
  stopped: ['stopped'],
};

function rawConnection(dir: string): Database.Database {
  const db = new Database(join(dir, DATABASE_NAME));
  onTestFinished(() => void db.close());
  return db;
}

/** What an update to a state has to bring along. */
function assignments(state: TrialState): string {
  const isFinished = ['complete', 'pruned', 'failed', 'stopped'].includes(state);
  const value = state === 'complete' ? '0.5' : 'NULL';
  return `state = '${state}', value = ${value}, finished_at = ${isFinished ? '1' : 'NULL'}`;
}

describe('the state machine, from a connection that knows nothing of it', () => {
  const pairs = STATES.flatMap((from) => STATES.map((to) => ({ from, to })).filter(({ to }) => to !== from));

  it.each(pairs)('lets a trial go $from → $to only where the design does', async ({ from, to }) => {
    const { dir, store, sweep, writer } = await openSweep();
    await writer.transaction((tx) => tx.addTrial({ number: 0, params: {}, sampler: 'random' }));
    const raw = rawConnection(dir);
    for (const step of WAY_TO[from]) raw.exec(`UPDATE trials SET ${assignments(step)}`);
    const move = (): unknown => raw.exec(`UPDATE trials SET ${assignments(to)}`);
    if (LEGAL.has(`${from}→${to}`)) move();
    else expect(move).toThrow(/cannot go from its state|a finished trial never changes/);
    const state = LEGAL.has(`${from}→${to}`) ? to : from;
    expect(store.trial(sweep.id, 0)?.state).toBe(state);
    expect(store.sweep()?.counts).toEqual({ ...zeroCounts(), [state]: 1 });
  });

  it.each(['complete', 'pruned', 'failed', 'stopped'] as const)('never changes a %s trial', async (end) => {
    const { dir, store, sweep, writer } = await openSweep();
    await writer.transaction((tx) => runTrial(tx, 0, { end }));
    const before = store.trial(sweep.id, 0);
    const raw = rawConnection(dir);
    raw.pragma('foreign_keys = OFF');
    const columns = raw.pragma('table_info(trials)') as Array<{ name: string }>;
    expect(columns.length).toBeGreaterThan(20);
    for (const { name } of columns) {
      expect(() => raw.exec(`UPDATE trials SET ${name} = ${name}`), name).toThrow(/never changes?$/);
    }
    expect(() => raw.exec('DELETE FROM trials')).toThrow('never deleted');
    const values = "1, 'queued', -1, '{}', 'x', 0";
    for (const [target, number] of [
      ['id', 1],
      ['rowid', 1],
    ]) {
      const replace = `INSERT OR REPLACE INTO trials (${target}, sweep, number, state, direction, params, sampler, created_at)`;
      expect(() => raw.exec(`${replace} SELECT ${number}, sweep, ${values} FROM trials`)).toThrow(
        'never replaced',
      );
    }
    expect(() => raw.exec("UPDATE attempts SET outcome = 'lost'")).toThrow(
      'an attempt that has ended never changes',
    );
    expect(() => raw.exec('DELETE FROM attempts')).toThrow('never deleted');
    expect(store.trial(sweep.id, 0)).toEqual(before);
  });

  it('numbers trials 0, 1, 2 … without a gap, and never again', async () => {
    const { dir, store, sweep, writer } = await openSweep();
    await writer.transaction((tx) => startTrial(tx, 0));
    for (const number of [0, 2, -1]) {
      const added = writer.transaction((tx) => tx.addTrial({ number, params: {}, sampler: 'random' }));
      await expect(added).rejects.toThrow('must be the next one');
    }
    const raw = rawConnection(dir);
    expect(() => raw.exec('UPDATE OR REPLACE trials SET number = 7')).toThrow('never change');
    expect(() => raw.exec(`UPDATE trials SET params = '{"units":1}'`)).toThrow('never change');
    expect(store.trials(sweep.id).map(({ number }) => number)).toEqual([0]);
  });

  it('keeps the history as it was told', async () => {
    const { dir, store, sweep, writer } = await openSweep();
    await writer.transaction((tx) => runTrial(tx, 0));
    const before = store.history(sweep.id);
    const raw = rawConnection(dir);
    expect(() => raw.exec('UPDATE history SET value = 1')).toThrow('history never changes');
    expect(() => raw.exec('DELETE FROM history')).toThrow('history never changes');
    expect(() => raw.exec("INSERT INTO history (sweep, seq, kind, number) VALUES (1, 9, 'ask', 0)")).toThrow(
      'only grows',
    );
    expect(store.history(sweep.id)).toEqual(before);
  });

  it('refuses text that is no JSON, and values of another type', async () => {
    const { dir, writer } = await openSweep();
    await writer.transaction((tx) => startTrial(tx, 0));
    const raw = rawConnection(dir);
    expect(() => raw.exec("UPDATE trials SET metrics = '{x'")).toThrow(/CHECK|malformed/);
    expect(() => raw.exec("UPDATE trials SET step = 'three'")).toThrow(
      'cannot store TEXT value in INTEGER column',
    );
    expect(() => raw.exec("UPDATE sweeps SET config = 'x'")).toThrow(/CHECK/);
  });
});

describe('the state machine, through a transaction', () => {
  it('names sweep and trial when a finished trial is to be finished again', async () => {
    const { writer } = await openSweep();
    await writer.transaction((tx) => runTrial(tx, 0, { end: 'pruned' }));
    const again = writer.transaction((tx) => tx.finishTrial(0, { state: 'complete', value: 1, at: 5 }));
    await expect(again).rejects.toMatchObject({
      code: 'STORE_ILLEGAL',
      message: expect.stringContaining("sweep 'digits': trial 0 is pruned already"),
    });
  });

  it('writes nothing of a transaction in which something was refused', async () => {
    const { store, sweep, writer } = await openSweep();
    const mixed = writer.transaction((tx) => {
      startTrial(tx, 0);
      tx.finishTrial(0, { state: 'complete', value: null, at: 5 });
    });
    await expect(mixed).rejects.toMatchObject({ code: 'STORE_ILLEGAL' });
    expect(store.trials(sweep.id)).toEqual([]);
    expect(store.history(sweep.id)).toEqual([]);
    expect(store.sweep()?.counts).toEqual(zeroCounts());
  });

  it('opens an attempt only for a queued trial, after the one before has ended', async () => {
    const { writer } = await openSweep();
    await writer.transaction((tx) => startTrial(tx, 0));
    await expect(writer.transaction((tx) => tx.openAttempt(0))).rejects.toThrow(
      /opens after|only a queued trial/,
    );
    await expect(writer.transaction((tx) => tx.openAttempt(1))).rejects.toThrow('there is no trial 1');
    await writer.transaction((tx) => tx.addTrial({ number: 1, params: {}, sampler: 'random' }));
    const twice = writer.transaction((tx) => [tx.openAttempt(1), tx.openAttempt(1)]);
    await expect(twice).rejects.toThrow('opens after');
  });

  it('binds an attempt to one run', async () => {
    const { writer } = await openSweep();
    const second = { runId: 'another-run', workerId: 'w-1-x', worker: 'w', slot: 0, backend: 'cpu', at: 1 };
    await writer.transaction((tx) => startTrial(tx, 0));
    await expect(writer.transaction((tx) => tx.bindAttempt(0, 1, second))).rejects.toThrow('waits for a run');
    await writer.transaction((tx) => {
      tx.endAttempt(0, 1, { outcome: 'lost', reason: 'gone', at: 9 });
      expect(bind(tx, 0)).toBe(2);
    });
    await expect(writer.transaction((tx) => tx.bindAttempt(0, 1, second))).rejects.toThrow('waits for a run');
  });

  it('takes no report for the history from a trial that does not run', async () => {
    const { store, sweep, writer } = await openSweep();
    await writer.transaction((tx) => runTrial(tx, 0, { end: 'stopped' }));
    const late = { step: 2, values: { val_accuracy: 0.9 }, at: 9 };
    const told = writer.transaction((tx) => tx.addReport(0, 1, { ...late, metric: 0.9 }));
    await expect(told).rejects.toThrow('does not run any more');
    await writer.transaction((tx) => tx.addReport(0, 1, { ...late, metric: null }));
    expect(store.reports(sweep.id, 0).map(({ step }) => step)).toEqual([1, 2]);
    expect(store.trial(sweep.id, 0)).toMatchObject({
      step: 1,
      lastValue: 0.5,
      metrics: { val_accuracy: 0.5 },
    });
    expect(store.history(sweep.id).map(({ kind }) => kind)).toEqual(['ask', 'report', 'tell']);
  });

  it('keeps the goal of the metric', async () => {
    const { store, sweep, writer } = await openSweep();
    const { metric } = sweep.config;
    await writer.transaction((tx) => tx.setConfig({ ...sweep.config, runCap: 99 }));
    expect(store.sweep()?.config.runCap).toBe(99);
    const turned = { ...sweep.config, metric: { ...metric, goal: 'minimize' as const } };
    await expect(writer.transaction((tx) => tx.setConfig(turned))).rejects.toThrow(
      "cannot become 'minimize'",
    );
  });
});

function zeroCounts(): Record<TrialState, number> {
  return { queued: 0, running: 0, paused: 0, complete: 0, pruned: 0, failed: 0, stopped: 0 };
}
