import type { Connection } from './connection.ts';
import type { WorkerRow } from './types.ts';

const OUTCOMES = ['complete', 'failed', 'pruned', 'stopped', 'lost', 'returned', 'running'] as const;

export function selectWorkers(db: Connection, key: number): WorkerRow[] {
  const counts = db
    .sql(
      `SELECT worker_id, ifnull(outcome, 'running') AS outcome, count(*) AS count FROM attempts
       WHERE sweep = ? AND worker_id IS NOT NULL GROUP BY 1, 2`,
    )
    .all(key);
  return db
    .sql('SELECT * FROM workers WHERE sweep = ? ORDER BY first_seen_at, id')
    .all(key)
    .map((row) => {
      const own = counts.filter((count) => count.worker_id === row.id);
      const of = (outcome: string): number =>
        (own.find((count) => count.outcome === outcome)?.count ?? 0) as number;
      return {
        id: row.id as string,
        name: row.name as string,
        host: row.host as string,
        slots: row.slots as number,
        gpus: JSON.parse(row.gpus as string) as string[],
        backend: row.backend as string,
        firstSeenAt: row.first_seen_at as number,
        lastSeenAt: row.last_seen_at as number,
        draining: row.draining === 1,
        drainAsked: row.drain_asked === 1,
        quarantine: row.quarantine as string | null,
        attempts: Object.fromEntries(
          OUTCOMES.map((outcome) => [outcome, of(outcome)]),
        ) as WorkerRow['attempts'],
      };
    });
}
