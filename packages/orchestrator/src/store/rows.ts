import type { SweepConfig } from '../config/sweep-config.ts';
import type { TrialError } from '../protocol/events.ts';
import type { Params } from '../space/types.ts';
import type { Row } from './connection.ts';
import { type SweepRequest, sweepRequestSchema } from './requests.ts';
import type {
  AttemptOutcome,
  AttemptRow,
  CheckpointRow,
  EarlierSweep,
  HistoryEntry,
  LeaseOwner,
  ReportRow,
  RequestRow,
  SweepRow,
  SweepState,
  TrialRow,
  TrialState,
} from './types.ts';

/*
 * Between rows of SQLite and the store's types. Tables are STRICT and all JSON was checked on the way in, so the casts
 * here state what the schema guarantees.
 */

export type Metrics = Readonly<Record<string, number>>;

/** JSON has no NaN and no infinity: they are kept as strings, as on the wire. */
export function encodeMetrics(metrics: Metrics): string {
  if (Object.values(metrics).every(Number.isFinite)) return JSON.stringify(metrics);
  return JSON.stringify(metrics, (_key, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
}

export function decodeMetrics(text: string): Metrics {
  if (!text.includes('NaN"') && !text.includes('Infinity"')) return JSON.parse(text) as Metrics;
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'string' ? Number(value) : value,
  ) as Metrics;
}

export function encodeError(error: TrialError | undefined): string | null {
  return error === undefined ? null : JSON.stringify(error);
}

function decodeError(text: string | null): TrialError | null {
  return text === null ? null : (JSON.parse(text) as TrialError);
}

export function decodeSweep(row: Row): SweepRow {
  const id = row.id as string;
  return {
    id,
    name: row.name as string,
    state: row.state as SweepState,
    reason: row.reason as string | null,
    config: decodeConfig(row.config as string),
    source: row.source as string,
    configDir: row.config_dir as string,
    createdAt: row.created_at as number,
    finishedAt: row.finished_at as number | null,
    wallSeconds: (row.wall_ms as number) / 1000,
    gpuSeconds: (row.gpu_ms as number) / 1000,
    counts: {
      queued: row.queued as number,
      running: row.running as number,
      paused: row.paused as number,
      complete: row.complete as number,
      pruned: row.pruned as number,
      failed: row.failed as number,
      stopped: row.stopped as number,
    },
    best:
      row.best_number === null
        ? null
        : {
            number: row.best_number as number,
            value: row.best_value as number,
            params: JSON.parse(row.best_params as string) as Params,
          },
    backends: JSON.parse(row.backends as string) as string[],
    owner: decodeOwner(row.owner as string | null, row.heartbeat_at as number | null),
  };
}

type Earlier<Section, Later extends keyof Section> = Omit<Section, Later> & Partial<Pick<Section, Later>>;

/** Configs of earlier versions lack what came later. */
function decodeConfig(text: string): SweepConfig {
  const stored = JSON.parse(text) as Omit<SweepConfig, 'budget' | 'resources' | 'retry'> & {
    retry: Earlier<SweepConfig['retry'], 'never' | 'elsewhere'>;
    budget: Earlier<SweepConfig['budget'], 'gpuHours'>;
    resources: Earlier<SweepConfig['resources'], 'priority'>;
  };
  return {
    ...LATER_KEYS,
    ...stored,
    budget: { gpuHours: null, ...stored.budget },
    resources: { priority: 1, ...stored.resources },
    retry: { never: [], elsewhere: [], ...stored.retry },
  };
}

const LATER_KEYS: Pick<SweepConfig, 'otherMetrics' | 'reproducible' | 'fixed'> = {
  otherMetrics: [],
  reproducible: null,
  fixed: {},
};

export function decodeOwner(owner: string | null, heartbeatAt: number | null): LeaseOwner | null {
  if (owner === null || heartbeatAt === null) return null;
  return { ...(JSON.parse(owner) as Omit<LeaseOwner, 'heartbeatAt'>), heartbeatAt };
}

export function decodeTrial(row: Row, sweep: string): TrialRow {
  const durationMs = row.duration_ms as number | null;
  return {
    sweep,
    number: row.number as number,
    state: row.state as TrialState,
    params: JSON.parse(row.params as string) as Params,
    sampler: row.sampler as string,
    value: row.value as number | null,
    lastValue: row.last_value as number | null,
    values: row.results === null ? null : decodeMetrics(row.results as string),
    violation: row.state === 'complete' ? (row.violation as number) : null,
    step: row.step as number,
    metrics: decodeMetrics(row.metrics as string),
    reason: row.reason as string | null,
    error: decodeError(row.error as string | null),
    attempts: row.attempts as number,
    failures: row.failures as number,
    worker: row.worker as string | null,
    backend: row.backend as string | null,
    retryOf: row.retry_of as number | null,
    createdAt: row.created_at as number,
    startedAt: row.started_at as number | null,
    finishedAt: row.finished_at as number | null,
    durationSeconds: durationMs === null ? null : durationMs / 1000,
  };
}

export function decodeAttempt(row: Row): AttemptRow {
  return {
    number: row.number as number,
    attempt: row.attempt as number,
    runId: row.run_id as string | null,
    lastSeq: row.last_seq as number,
    worker: row.worker as string | null,
    workerId: row.worker_id as string | null,
    slot: row.slot as number | null,
    backend: row.backend as string | null,
    gpus: row.gpus as number,
    ranMs: row.ran_ms as number,
    seenAt: row.seen_at as number | null,
    outcome: row.outcome as AttemptOutcome | null,
    reason: row.reason as string | null,
    error: decodeError(row.error as string | null),
    openedAt: row.opened_at as number,
    startedAt: row.started_at as number | null,
    finishedAt: row.finished_at as number | null,
  };
}

export function decodeReport(row: Row): ReportRow {
  return {
    attempt: row.attempt as number,
    step: row.step as number,
    values: decodeMetrics(row.metrics as string),
    at: row.at as number,
  };
}

export function decodeCheckpoint(row: Row): CheckpointRow {
  return { attempt: row.attempt as number, step: row.step as number, path: row.path as string };
}

export function decodeHistory(row: Row): HistoryEntry {
  const number = row.number as number;
  const values = row.results === null ? null : decodeMetrics(row.results as string);
  if (row.kind === 'ask') {
    return {
      kind: 'ask',
      number,
      params: JSON.parse(row.params as string) as Params,
      chosen: row.chosen === 1,
    };
  }
  if (row.kind === 'report') {
    return {
      kind: 'report',
      number,
      step: row.step as number,
      value: (row.value as number | null) ?? Number.NaN,
      values,
    };
  }
  // The study is told of every state that a trial comes to by itself; these two end nothing.
  if (row.state === 'paused') return { kind: 'pause', number };
  if (row.state === 'queued') return { kind: 'resume', number };
  const state = row.state as 'complete' | 'pruned' | 'failed' | 'stopped';
  return { kind: 'tell', number, state, value: row.value as number | null, values };
}

export function encodeEarlierTrials(trials: EarlierSweep['trials']): string {
  return JSON.stringify(
    trials.map(({ params, loss }) => ({ params, loss: Number.isFinite(loss) ? loss : String(loss) })),
  );
}

export function decodeEarlierSweep(row: Row): EarlierSweep {
  const trials = JSON.parse(row.trials as string) as Array<{ params: Params; loss: number | string }>;
  return {
    name: row.name as string,
    trials: trials.map(({ params, loss }) => ({ params, loss: Number(loss) })),
  };
}

export function decodeRequest(row: Row): RequestRow {
  return {
    id: row.id as number,
    sweep: row.sweep as string,
    request: decodeSweepRequest(row.kind as string, row.payload as string),
    createdAt: row.created_at as number,
    outcome: row.outcome as string | null,
  };
}

export function encodeRequest({ kind, ...payload }: SweepRequest): string {
  return JSON.stringify(payload);
}

function decodeSweepRequest(kind: string, payload: string): SweepRequest | null {
  const content: unknown = JSON.parse(payload);
  const parsed = sweepRequestSchema.safeParse({ ...(content as object), kind });
  return parsed.success ? parsed.data : null;
}
