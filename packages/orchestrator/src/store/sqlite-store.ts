import { randomUUID } from 'node:crypto';
import type { SweepConfig } from '../config/sweep-config.ts';
import type { Connection } from './connection.ts';
import { StoreError } from './errors.ts';
import { takeLease } from './lease.ts';
import { selectPendingRequests } from './request-queries.ts';
import type { SweepRequest } from './requests.ts';
import {
  decodeAttempt,
  decodeCheckpoint,
  decodeEarlierSweep,
  decodeHistory,
  decodeReport,
  decodeRequest,
  decodeSweep,
  encodeEarlierTrials,
  encodeRequest,
} from './rows.ts';
import { SWEEP_SELECT, selectTrial, selectTrials } from './trial-queries.ts';
import type {
  AttemptRow,
  CheckpointRow,
  EarlierSweep,
  HistoryEntry,
  ReportRow,
  RequestRow,
  Store,
  SweepRow,
  SweepWriter,
  TrialQuery,
  TrialRow,
  WorkerRow,
} from './types.ts';
import { selectWorkers } from './worker-queries.ts';
import { SqliteSweepWriter } from './writer.ts';

export class SqliteStore implements Store {
  readonly dir: string;
  readonly #db: Connection;
  /** Sweep ids never change their key. */
  readonly #keys = new Map<string, number>();

  constructor(dir: string, db: Connection) {
    this.dir = dir;
    this.#db = db;
  }

  async createSweep(input: {
    config: SweepConfig;
    source: string;
    configDir: string;
    transfer?: readonly EarlierSweep[];
  }): Promise<SweepRow> {
    const id = randomUUID();
    await this.#db.write(() => {
      this.#db
        .sql(
          `INSERT INTO sweeps (key, id, name, direction, config, source, config_dir, created_at)
           SELECT key + 1, ?, ?, ?, ?, ?, ?, ? FROM last_sweep_key`,
        )
        .run(
          id,
          this.#freeName(input.config.name),
          input.config.metric.goal === 'minimize' ? 1 : -1,
          JSON.stringify(input.config),
          input.source,
          input.configDir,
          Date.now(),
        );
      for (const [place, { name, trials }] of (input.transfer ?? []).entries()) {
        this.#db
          .sql(
            'INSERT INTO transfers (sweep, place, name, trials) SELECT key, ?, ?, ? FROM sweeps WHERE id = ?',
          )
          .run(place, name, encodeEarlierTrials(trials), id);
      }
    });
    return this.#sweepWhere('sweeps.id = ?', id)!;
  }

  sweeps(): SweepRow[] {
    return this.#db.read(() =>
      this.#db.sql(`${SWEEP_SELECT} ORDER BY sweeps.key DESC`).all().map(decodeSweep),
    );
  }

  sweep(nameOrId?: string): SweepRow | null {
    if (nameOrId === undefined) {
      return this.#sweepWhere('sweeps.key = (SELECT max(key) FROM sweeps)');
    }
    const exact =
      this.#sweepWhere('sweeps.name = ?', nameOrId) ?? this.#sweepWhere('sweeps.id = ?', nameOrId);
    if (exact !== null || nameOrId.length < 4) return exact;
    const beginning = nameOrId.toLowerCase();
    const ids = this.#db.read(() =>
      this.#db
        .sql('SELECT id FROM sweeps WHERE substr(id, 1, ?) = ? LIMIT 2')
        .all(beginning.length, beginning),
    );
    return ids.length === 1 ? this.#sweepWhere('sweeps.id = ?', ids[0]!.id as string) : null;
  }

  trials(sweep: string, query: TrialQuery = {}): TrialRow[] {
    return this.#db.read(() => selectTrials(this.#db, this.#keyOf(sweep), sweep, query));
  }

  trial(sweep: string, number: number): TrialRow | null {
    return this.#db.read(() => selectTrial(this.#db, this.#keyOf(sweep), sweep, number));
  }

  attempts(sweep: string, number?: number): AttemptRow[] {
    return this.#db.read(() => {
      const key = this.#keyOf(sweep);
      const rows =
        number === undefined
          ? this.#db.sql('SELECT * FROM attempts WHERE sweep = ? ORDER BY number, attempt').all(key)
          : this.#db
              .sql('SELECT * FROM attempts WHERE sweep = ? AND number = ? ORDER BY attempt')
              .all(key, number);
      return rows.map(decodeAttempt);
    });
  }

  reports(sweep: string, number: number): ReportRow[] {
    return this.#db.read(() =>
      this.#db
        .sql('SELECT * FROM reports WHERE sweep = ? AND number = ? ORDER BY attempt, step')
        .all(this.#keyOf(sweep), number)
        .map(decodeReport),
    );
  }

  history(sweep: string): HistoryEntry[] {
    return this.#db.read(() =>
      this.#db
        .sql(
          `SELECT kind, history.number, history.step, history.value, history.state, history.results,
             CASE kind WHEN 'ask' THEN trials.params END AS params, trials.chosen
           FROM history JOIN trials USING (sweep, number) WHERE history.sweep = ? ORDER BY seq`,
        )
        .all(this.#keyOf(sweep))
        .map(decodeHistory),
    );
  }

  transfer(sweep: string): EarlierSweep[] {
    return this.#db.read(() =>
      this.#db
        .sql('SELECT name, trials FROM transfers WHERE sweep = ? ORDER BY place')
        .all(this.#keyOf(sweep))
        .map(decodeEarlierSweep),
    );
  }

  checkpoints(sweep: string, number: number): CheckpointRow[] {
    return this.#db.read(() =>
      this.#db
        .sql(
          'SELECT attempt, step, path FROM checkpoints WHERE sweep = ? AND number = ? ORDER BY attempt, step',
        )
        .all(this.#keyOf(sweep), number)
        .map(decodeCheckpoint),
    );
  }

  workers(sweep: string): WorkerRow[] {
    return this.#db.read(() => selectWorkers(this.#db, this.#keyOf(sweep)));
  }

  checkpoint(sweep: string, number: number): CheckpointRow | null {
    const row = this.#db.read(() =>
      this.#db
        .sql(
          `SELECT attempt, step, path FROM checkpoints WHERE sweep = ? AND number = ?
           ORDER BY attempt DESC, step DESC LIMIT 1`,
        )
        .get(this.#keyOf(sweep), number),
    );
    return row ? decodeCheckpoint(row) : null;
  }

  retried(sweep: string): ReadonlyMap<number, number> {
    const rows = this.#db.read(() =>
      this.#db
        .sql('SELECT retry_of, number FROM trials WHERE sweep = ? AND retry_of IS NOT NULL ORDER BY number')
        .all(this.#keyOf(sweep)),
    );
    return new Map(rows.map((row) => [row.retry_of as number, row.number as number]));
  }

  pendingRequests(sweep: string): RequestRow[] {
    return this.#db.read(() => selectPendingRequests(this.#db, this.#keyOf(sweep), sweep));
  }

  async addRequest(sweep: string, request: SweepRequest): Promise<number> {
    return await this.#db.write(() => {
      const { lastInsertRowid } = this.#db
        .sql('INSERT INTO requests (sweep, kind, payload, created_at) VALUES (?, ?, ?, ?)')
        .run(this.#keyOf(sweep), request.kind, encodeRequest(request), Date.now());
      return Number(lastInsertRowid);
    });
  }

  async withdrawRequest(id: number, outcome: string): Promise<boolean> {
    return await this.#db.write(
      () =>
        this.#db.sql('UPDATE requests SET outcome = ? WHERE id = ? AND outcome IS NULL').run(outcome, id)
          .changes > 0,
    );
  }

  request(id: number): RequestRow | null {
    const row = this.#db.read(() =>
      this.#db
        .sql(
          `SELECT requests.id, sweeps.id AS sweep, kind, payload, requests.created_at, outcome
           FROM requests JOIN sweeps ON sweeps.key = requests.sweep WHERE requests.id = ?`,
        )
        .get(id),
    );
    return row ? decodeRequest(row) : null;
  }

  dataVersion(): number {
    return this.#db.read(() => this.#db.sql('PRAGMA data_version').get()!.data_version as number);
  }

  async claim(sweep: string): Promise<SweepWriter> {
    const key = this.#db.read(() => this.#keyOf(sweep));
    const { target, epoch } = await this.#db.write(() => {
      // Between the two somebody may have deleted it.
      const row = this.#db.sql('SELECT name FROM sweeps WHERE key = ? AND id = ?').get(key, sweep);
      if (row === undefined) throw unknownSweep(sweep);
      const name = row.name as string;
      return { target: { key, id: sweep, name }, epoch: takeLease(this.#db, key, name) };
    });
    return new SqliteSweepWriter(this.#db, target, epoch);
  }

  close(): void {
    this.#db.close();
  }

  #sweepWhere(condition: string, ...values: string[]): SweepRow | null {
    const row = this.#db.read(() => this.#db.sql(`${SWEEP_SELECT} WHERE ${condition}`).get(...values));
    return row ? decodeSweep(row) : null;
  }

  #keyOf(sweep: string): number {
    let key = this.#keys.get(sweep);
    if (key === undefined) {
      const row = this.#db.sql('SELECT key FROM sweeps WHERE id = ?').get(sweep);
      if (row === undefined) throw unknownSweep(sweep);
      key = row.key as number;
      this.#keys.set(sweep, key);
    }
    return key;
  }

  #freeName(wanted: string): string {
    const isTaken = (name: string): boolean =>
      this.#db.sql('SELECT 1 FROM sweeps WHERE name = ?').get(name) !== undefined;
    if (!isTaken(wanted)) return wanted;
    let suffix = 2;
    while (isTaken(`${wanted}-${suffix}`)) suffix++;
    return `${wanted}-${suffix}`;
  }
}

function unknownSweep(id: string): StoreError {
  return new StoreError(
    'STORE_UNKNOWN_SWEEP',
    `There is no sweep with the id ${id}; it may have been deleted.`,
  );
}
