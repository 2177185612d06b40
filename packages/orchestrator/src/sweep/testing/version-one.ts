import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { migrations } from '../../store/migrations/index.ts';
import { DATABASE_NAME } from '../../store/open-database.ts';
import { testConfig } from './config.ts';

/** Keys that a config of that time did not have. */
const LATER = ['otherMetrics', 'reproducible', 'fixed'];

/**
 * A database as the first version wrote it: the sweep `old`, paused, of at most `runCap` trials that minimise `loss`, of
 * which 0 and 1 are complete (0.5 and 0.25), 2 is pruned and 3 waits.
 */
export function versionOneDatabase(dir: string, runCap: number): void {
  mkdirSync(dir, { recursive: true });
  const db = new Database(join(dir, DATABASE_NAME));
  db.exec(migrations[0]!);
  db.pragma('application_id = 0x74667377');
  db.pragma('user_version = 1');
  const config = Object.fromEntries(
    Object.entries(testConfig({ runCap })).filter(([key]) => !LATER.includes(key)),
  );
  db.prepare(
    `INSERT INTO sweeps (id, name, state, direction, config, source, config_dir, created_at)
     VALUES ('11111111-1111-4111-8111-111111111111', 'old', 'paused', 1, ?, '', '/x', 0)`,
  ).run(JSON.stringify(config));
  const trial = db.prepare(
    `INSERT INTO trials (sweep, number, direction, params, sampler, created_at) VALUES (1, ?, 1, ?, 'random', 0)`,
  );
  const record = db.prepare(
    'INSERT INTO history (sweep, seq, kind, number, step, value, state) VALUES (1, ?, ?, ?, ?, ?, ?)',
  );
  const attempt = db.prepare('INSERT INTO attempts (sweep, number, attempt, opened_at) VALUES (1, ?, 1, 0)');
  const start = db.prepare("UPDATE trials SET state = 'running', step = 1, last_value = ? WHERE number = ?");
  const finish = db.prepare('UPDATE trials SET state = ?, value = ?, finished_at = 1 WHERE number = ?');
  const endAttempt = db.prepare('UPDATE attempts SET outcome = ?, finished_at = 1 WHERE number = ?');
  let seq = 0;
  for (const [number, [state, loss]] of [
    ['complete', 0.5],
    ['complete', 0.25],
    ['pruned', 0.75],
    ['queued', null],
  ].entries() as ArrayIterator<[number, ['complete' | 'pruned' | 'queued', number | null]]>) {
    trial.run(number, JSON.stringify({ x: number / 10 }));
    record.run(++seq, 'ask', number, null, null, null);
    if (loss === null) continue;
    attempt.run(number);
    start.run(loss, number);
    record.run(++seq, 'report', number, 1, loss, null);
    const value = state === 'complete' ? loss : null;
    finish.run(state, value, number);
    endAttempt.run(state, number);
    record.run(++seq, 'tell', number, null, value, state);
  }
  db.close();
}
