import type { SweepConfig } from '../config/sweep-config.ts';
import type { TrialError } from '../protocol/events.ts';
import type { Params } from '../space/types.ts';
import type { Connection } from './connection.ts';
import { StoreError } from './errors.ts';
import { selectPendingRequests } from './request-queries.ts';
import { encodeError, encodeMetrics, type Metrics } from './rows.ts';
import { selectAttempt, selectTrial } from './trial-queries.ts';
import type {
  AttemptOutcome,
  AttemptRow,
  CheckpointRow,
  RequestRow,
  SweepState,
  SweepTransaction,
  TrialRow,
  TrialState,
  WorkerRow,
} from './types.ts';
import { selectWorkers } from './worker-queries.ts';
import type { WrittenSweep } from './writer.ts';

interface AttemptEnd {
  readonly outcome: AttemptOutcome;
  readonly reason: string | null;
  readonly error: string | null;
  readonly at: number;
}

const FINISHED: ReadonlySet<TrialState> = new Set(['complete', 'pruned', 'failed', 'stopped']);

/** Children before their parents. */
const TABLES_OF_A_SWEEP = [
  'checkpoints',
  'reports',
  'history',
  'attempts',
  'trials',
  'backend_uses',
  'transfers',
  'requests',
  'tallies',
  'streams',
  'leases',
  'workers',
] as const;

/** What may be written while a transaction is open. Illegal transitions are refused by the database's own triggers. */
export class SqliteTransaction implements SweepTransaction {
  readonly #db: Connection;
  readonly #key: number;
  readonly #sweep: WrittenSweep;
  /** Milliseconds since it was last called, or since the claim. */
  readonly #takeWallTime: () => number;

  constructor(db: Connection, sweep: WrittenSweep, takeWallTime: () => number) {
    this.#db = db;
    this.#key = sweep.key;
    this.#sweep = sweep;
    this.#takeWallTime = takeWallTime;
  }

  heartbeat(): void {
    this.#db
      .sql(
        `UPDATE leases SET heartbeat_at = ?,
           wall_ms = wall_ms + ? * (SELECT state <> 'paused' FROM sweeps WHERE key = leases.sweep)
         WHERE sweep = ?`,
      )
      .run(Date.now(), this.#takeWallTime(), this.#key);
  }

  setSweepState(state: SweepState, reason: string | null): void {
    // Up to here the time is that of the old state; whoever reads the end of a sweep finds its whole time.
    this.heartbeat();
    const isOver = state !== 'running' && state !== 'paused';
    this.#db
      .sql('UPDATE sweeps SET state = ?, reason = ?, finished_at = ? WHERE key = ?')
      .run(state, reason, isOver ? Date.now() : null, this.#key);
  }

  setConfig(config: SweepConfig): void {
    const { changes } = this.#db
      .sql('UPDATE sweeps SET config = ? WHERE key = ? AND direction = ?')
      .run(JSON.stringify(config), this.#key, config.metric.goal === 'minimize' ? 1 : -1);
    if (changes === 0) throw this.#illegal(`the goal of its metric cannot become '${config.metric.goal}'`);
  }

  streamPosition(): { epoch: string; position: string } | null {
    const row = this.#db.sql('SELECT epoch, position FROM streams WHERE sweep = ?').get(this.#key);
    return row ? { epoch: row.epoch as string, position: row.position as string } : null;
  }

  setStreamPosition(epoch: string, position: string): void {
    this.#db
      .sql(
        `INSERT INTO streams (sweep, epoch, position) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET epoch = excluded.epoch, position = excluded.position`,
      )
      .run(this.#key, epoch, position);
  }

  addTrial(trial: {
    number: number;
    params: Params;
    sampler: string;
    chosen?: boolean;
    retryOf?: number;
  }): void {
    this.#db
      .sql(
        `INSERT INTO trials (sweep, number, direction, params, sampler, chosen, retry_of, created_at)
         SELECT key, ?, direction, ?, ?, ?, ?, ? FROM sweeps WHERE key = ?`,
      )
      .run(
        trial.number,
        JSON.stringify(trial.params),
        trial.sampler,
        trial.chosen === true ? 1 : 0,
        trial.retryOf ?? null,
        Date.now(),
        this.#key,
      );
    this.#record('ask', trial.number, { step: null, value: null, state: null });
  }

  openAttempt(number: number): number {
    const row = this.#db
      .sql(
        `INSERT INTO attempts (sweep, number, attempt, opened_at)
         SELECT sweep, number, attempts + 1, ? FROM trials WHERE sweep = ? AND number = ? RETURNING attempt`,
      )
      .get(Date.now(), this.#key, number);
    if (row === undefined) throw this.#illegal(`there is no trial ${number}`);
    return row.attempt as number;
  }

  trial(number: number): TrialRow | null {
    return selectTrial(this.#db, this.#key, this.#sweep.id, number);
  }

  attempt(number: number, attempt: number): AttemptRow | null {
    return selectAttempt(this.#db, this.#key, number, attempt);
  }

  gpuMs(): number {
    return this.#db.sql('SELECT gpu_ms FROM tallies WHERE sweep = ?').get(this.#key)!.gpu_ms as number;
  }

  bindAttempt(
    number: number,
    attempt: number,
    run: {
      runId: string;
      workerId: string;
      worker: string;
      slot: number;
      backend: string;
      gpus?: number;
      at: number;
    },
  ): void {
    const { changes } = this.#db
      .sql(
        `UPDATE attempts SET run_id = ?, worker_id = ?, worker = ?, slot = ?, backend = ?, gpus = ?, started_at = ?, seen_at = ?
         WHERE sweep = ? AND number = ? AND attempt = ? AND run_id IS NULL`,
      )
      .run(
        run.runId,
        run.workerId,
        run.worker,
        run.slot,
        run.backend,
        run.gpus ?? 0,
        run.at,
        Date.now(),
        this.#key,
        number,
        attempt,
      );
    if (changes === 0) throw this.#illegal(`trial ${number} has no attempt ${attempt} that waits for a run`);
    this.#db
      .sql(
        `UPDATE trials SET state = 'running', worker = ?, backend = ?, started_at = ifnull(started_at, ?),
           duration_ms = ifnull(duration_ms, 0)
         WHERE sweep = ? AND number = ?`,
      )
      .run(run.worker, run.backend, run.at, this.#key, number);
  }

  sawRun(number: number, attempt: number, { ranMs, at }: { ranMs: number; at: number }): void {
    const { changes } = this.#db
      .sql(
        `UPDATE attempts SET ran_ms = ?, seen_at = ?
         WHERE sweep = ? AND number = ? AND attempt = ? AND run_id IS NOT NULL AND outcome IS NULL`,
      )
      .run(ranMs, at, this.#key, number, attempt);
    if (changes === 0) throw this.#illegal(`attempt ${attempt} of trial ${number} does not run`);
  }

  setLastSeq(number: number, attempt: number, seq: number): void {
    this.#db
      .sql('UPDATE attempts SET last_seq = ? WHERE sweep = ? AND number = ? AND attempt = ? AND last_seq < ?')
      .run(seq, this.#key, number, attempt, seq);
  }

  addReport(
    number: number,
    attempt: number,
    report: { step: number; values: Metrics; at: number; metric: number | null; results?: Metrics | null },
  ): void {
    const values = encodeMetrics(report.values);
    this.#db
      .sql(
        `INSERT INTO reports (sweep, number, attempt, step, metrics, at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET metrics = excluded.metrics, at = excluded.at`,
      )
      .run(this.#key, number, attempt, report.step, values, report.at);
    const { changes } = this.#db
      .sql(
        `UPDATE trials SET step = ?, last_value = ifnull(?, last_value), metrics = json_patch(metrics, ?)
         WHERE sweep = ? AND number = ? AND state = 'running' AND attempts = ?`,
      )
      .run(report.step, report.metric, values, this.#key, number, attempt);
    const results = report.results ?? null;
    if (report.metric === null && results === null) return;
    if (changes === 0) throw this.#illegal(`attempt ${attempt} of trial ${number} does not run any more`);
    this.#record('report', number, { step: report.step, value: report.metric, state: null, results });
  }

  addCheckpoint(number: number, checkpoint: CheckpointRow): void {
    this.#db
      .sql(
        `INSERT INTO checkpoints (sweep, number, attempt, step, path) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET path = excluded.path`,
      )
      .run(this.#key, number, checkpoint.attempt, checkpoint.step, checkpoint.path);
  }

  removeCheckpoint(number: number, { attempt, step }: CheckpointRow): void {
    this.#db
      .sql('DELETE FROM checkpoints WHERE sweep = ? AND number = ? AND attempt = ? AND step = ?')
      .run(this.#key, number, attempt, step);
  }

  endAttempt(
    number: number,
    attempt: number,
    end: { outcome: 'lost' | 'returned' | 'failed'; reason: string; error?: TrialError; at: number },
  ): void {
    const ended = this.#closeAttempt(number, attempt, { ...end, error: encodeError(end.error) });
    if (ended === null) throw this.#illegal(`trial ${number} has no open attempt ${attempt}`);
    this.#db
      .sql(
        `UPDATE trials SET state = 'queued', failures = failures + ?, duration_ms = duration_ms + ?
         WHERE sweep = ? AND number = ?`,
      )
      .run(end.outcome === 'failed' ? 1 : 0, ended.durationMs, this.#key, number);
  }

  pauseTrial(number: number, attempt: number, { reason, at }: { reason: string; at: number }): void {
    const ended = this.#closeAttempt(number, attempt, { outcome: 'complete', reason, error: null, at });
    if (ended === null) throw this.#illegal(`trial ${number} has no open attempt ${attempt}`);
    this.#db
      .sql(
        `UPDATE trials SET state = 'paused', reason = ?, duration_ms = duration_ms + ?
         WHERE sweep = ? AND number = ?`,
      )
      .run(reason, ended.durationMs, this.#key, number);
    this.#record('tell', number, { step: null, value: null, state: 'paused' });
  }

  resumeTrial(number: number): void {
    const { changes } = this.#db
      .sql(
        `UPDATE trials SET state = 'queued', reason = NULL WHERE sweep = ? AND number = ? AND state = 'paused'`,
      )
      .run(this.#key, number);
    if (changes === 0) throw this.#illegal(`trial ${number} is not paused`);
    this.#record('tell', number, { step: null, value: null, state: 'queued' });
  }

  finishTrial(
    number: number,
    end: {
      state: 'complete' | 'pruned' | 'failed' | 'stopped';
      value: number | null;
      results?: Metrics | null;
      violation?: number | null;
      values?: Metrics;
      reason?: string;
      error?: TrialError;
      at: number;
    },
  ): void {
    const trial = this.#db
      .sql('SELECT state, attempts FROM trials WHERE sweep = ? AND number = ?')
      .get(this.#key, number);
    if (trial === undefined) throw this.#illegal(`there is no trial ${number}`);
    if (FINISHED.has(trial.state as TrialState)) {
      throw this.#illegal(`trial ${number} is ${trial.state} already, and a finished trial never changes`);
    }
    const reason = end.reason ?? null;
    const error = encodeError(end.error);
    const results = end.results ?? null;
    const last = trial.attempts as number;
    const ended = this.#closeAttempt(number, last, { outcome: end.state, reason, error, at: end.at });
    // Without an error of the trainer it was not the trainer's fault: a trial that kills its workers, a limit reached.
    const failures = ended !== null && end.state === 'failed' && error !== null ? 1 : 0;
    this.#db
      .sql(
        `UPDATE trials SET state = ?, value = ?, results = ?, violation = ?, metrics = json_patch(metrics, ?), reason = ?, error = ?,
           finished_at = ?, failures = failures + ?, duration_ms = duration_ms + ?
         WHERE sweep = ? AND number = ?`,
      )
      .run(
        end.state,
        end.value,
        results === null ? null : encodeMetrics(results),
        end.violation ?? 0,
        end.values === undefined ? '{}' : encodeMetrics(end.values),
        reason,
        error,
        end.at,
        failures,
        ended?.durationMs ?? 0,
        this.#key,
        number,
      );
    this.#record('tell', number, { step: null, value: end.value, state: end.state, results });
  }

  seeWorker(
    worker: {
      id: string;
      name: string;
      host: string;
      slots: number;
      gpus: ReadonlyArray<{ readonly name: string }>;
      backend: string;
    },
    { draining, at }: { draining: boolean; at: number },
  ): void {
    const gpus = JSON.stringify(worker.gpus.map(({ name }) => name));
    this.#db
      .sql(
        `INSERT INTO workers (sweep, id, name, host, slots, gpus, backend, first_seen_at, last_seen_at, draining)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET slots = excluded.slots, gpus = excluded.gpus, backend = excluded.backend,
           last_seen_at = excluded.last_seen_at, draining = excluded.draining`,
      )
      .run(
        this.#key,
        worker.id,
        worker.name,
        worker.host,
        worker.slots,
        gpus,
        worker.backend,
        at,
        at,
        draining ? 1 : 0,
      );
  }

  workers(): WorkerRow[] {
    return selectWorkers(this.#db, this.#key);
  }

  quarantineWorker(id: string, reason: string | null): void {
    this.#db.sql('UPDATE workers SET quarantine = ? WHERE sweep = ? AND id = ?').run(reason, this.#key, id);
  }

  drainWorker(id: string): void {
    this.#db.sql('UPDATE workers SET drain_asked = 1 WHERE sweep = ? AND id = ?').run(this.#key, id);
  }

  pendingRequests(): RequestRow[] {
    return selectPendingRequests(this.#db, this.#key, this.#sweep.id);
  }

  settleRequest(id: number, outcome: string): void {
    const { changes } = this.#db
      .sql('UPDATE requests SET outcome = ? WHERE id = ? AND sweep = ? AND outcome IS NULL')
      .run(outcome, id, this.#key);
    if (changes === 0) throw this.#illegal(`there is no request ${id} that waits`);
  }

  deleteSweep(): void {
    this.#db.sql('UPDATE sweeps SET deleting = 1 WHERE key = ?').run(this.#key);
    for (const table of TABLES_OF_A_SWEEP)
      this.#db.sql(`DELETE FROM ${table} WHERE sweep = ?`).run(this.#key);
    this.#db.sql('DELETE FROM sweeps WHERE key = ?').run(this.#key);
  }

  /** @returns null where that attempt is not open. */
  #closeAttempt(number: number, attempt: number, end: AttemptEnd): { durationMs: number } | null {
    const row = this.#db
      .sql(
        `UPDATE attempts SET outcome = ?, reason = ?, error = ?, finished_at = ?
         WHERE sweep = ? AND number = ? AND attempt = ? AND outcome IS NULL
         RETURNING ran_ms`,
      )
      .get(end.outcome, end.reason, end.error, end.at, this.#key, number, attempt);
    return row ? { durationMs: row.ran_ms as number } : null;
  }

  #record(
    kind: 'ask' | 'report' | 'tell',
    number: number,
    {
      step,
      value,
      state,
      results = null,
    }: {
      step: number | null;
      value: number | null;
      state: TrialState | null;
      results?: Metrics | null;
    },
  ): void {
    const encoded = results === null ? null : encodeMetrics(results);
    this.#db
      .sql(
        `INSERT INTO history (sweep, seq, kind, number, step, value, state, results)
         SELECT ?, ifnull(max(seq) + 1, 1), ?, ?, ?, ?, ?, ? FROM history WHERE sweep = ?`,
      )
      .run(this.#key, kind, number, step, value, state, encoded, this.#key);
  }

  #illegal(what: string): StoreError {
    return new StoreError(
      'STORE_ILLEGAL',
      `The store refuses this for sweep '${this.#sweep.name}': ${what}.`,
    );
  }
}
