import type { Connection } from './connection.ts';
import { decodeAttempt, decodeTrial } from './rows.ts';
import type { AttemptRow, TrialQuery, TrialRow } from './types.ts';

/** A trial that runs has its open attempt counted in, up to its last sign of life. */
const TRIAL_COLUMNS = `
  number, state, params, sampler, value, last_value, results, violation, step, metrics, reason, error, attempts, failures, worker, backend,
  retry_of, created_at, started_at, finished_at,
  CASE WHEN state = 'running' THEN duration_ms + ifnull((
    SELECT ran_ms FROM attempts
    WHERE attempts.sweep = trials.sweep AND attempts.number = trials.number AND attempt = trials.attempts
  ), 0) ELSE duration_ms END AS duration_ms`;

/** Of complete trials those that break a constraint are a class of their own. */
const STATE_CLASSES = {
  complete: [0, 1],
  pruned: [2],
  running: [3],
  queued: [4],
  paused: [5],
  stopped: [6],
  failed: [7],
} as const;

const RANKED = 'ORDER BY rank_class, rank_key, rank_tie, number';

/** The SELECT of a query and its values; apart, so that a test can look at its plan. */
export function trialsSql(key: number, query: TrialQuery): { text: string; values: number[] } {
  const classes = query.states?.flatMap((state) => STATE_CLASSES[state]);
  // The unary plus keeps a term from choosing an index. Ranked, the ranked index is walked in its order and filtered;
  // by number, the wanted states are looked up in it and sorted.
  const filter = classes
    ? `AND ${query.ranked ? '+' : ''}rank_class IN (${classes.map(() => '?').join(', ')})`
    : '';
  const order = query.ranked ? RANKED : `ORDER BY ${classes ? '+' : ''}number`;
  return {
    text: `SELECT ${TRIAL_COLUMNS} FROM trials WHERE sweep = ? ${filter} ${order} LIMIT ? OFFSET ?`,
    values: [key, ...(classes ?? []), query.limit ?? -1, query.offset ?? 0],
  };
}

export function selectTrials(db: Connection, key: number, sweep: string, query: TrialQuery): TrialRow[] {
  if (query.states?.length === 0) return [];
  const { text, values } = trialsSql(key, query);
  return db
    .sql(text)
    .all(...values)
    .map((row) => decodeTrial(row, sweep));
}

export function selectTrial(db: Connection, key: number, sweep: string, number: number): TrialRow | null {
  const row = db.sql(`SELECT ${TRIAL_COLUMNS} FROM trials WHERE sweep = ? AND number = ?`).get(key, number);
  return row ? decodeTrial(row, sweep) : null;
}

export function selectAttempt(
  db: Connection,
  key: number,
  number: number,
  attempt: number,
): AttemptRow | null {
  const row = db
    .sql('SELECT * FROM attempts WHERE sweep = ? AND number = ? AND attempt = ?')
    .get(key, number, attempt);
  return row ? decodeAttempt(row) : null;
}

/** A best trial and the backends come in the same statement, so that they fit the counts. */
export const SWEEP_SELECT = `
  SELECT sweeps.*, leases.owner, leases.heartbeat_at, leases.wall_ms, tallies.gpu_ms,
    queued, running, paused, complete, pruned, failed, stopped,
    best.number AS best_number, best.value AS best_value, best.params AS best_params,
    (SELECT json_group_array(backend) FROM
      (SELECT backend FROM backend_uses WHERE sweep = sweeps.key ORDER BY uses DESC, backend)) AS backends
  FROM sweeps JOIN leases ON leases.sweep = sweeps.key JOIN tallies ON tallies.sweep = sweeps.key
  LEFT JOIN trials AS best ON best.id =
    (SELECT id FROM trials WHERE sweep = sweeps.key AND rank_class = 0 ${RANKED} LIMIT 1)`;
