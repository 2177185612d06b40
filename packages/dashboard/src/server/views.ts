import { summarize } from '@tfsweep/orchestrator/analysis';
import {
  type AttemptRow,
  isOwnerAlive,
  type ReportRow,
  type SweepRow,
  type TrialRow,
} from '@tfsweep/orchestrator/store';
import {
  type AttemptView,
  type ErrorView,
  type OtherMetricView,
  type ReportView,
  type SweepEntry,
  type SweepView,
  type TrialDetail,
  type TrialView,
  type WireNumber,
  writeNumber,
} from '../wire.ts';

/** Fewer than this and a rate says nothing about what is still to come. */
const MIN_ENDED_FOR_ETA = 2;

export function sweepEntry({ id, name, state, createdAt }: SweepRow): SweepEntry {
  return { id, name, state, createdAt };
}

export function sweepView(row: SweepRow): SweepView {
  const { config, counts, best } = row;
  const ended = counts.complete + counts.pruned + counts.failed + counts.stopped;
  const { trials_per_s: rate } = summarize(row);
  const attended = row.state === 'running' && row.owner !== null && isOwnerAlive(row.owner);
  const canEstimate = attended && rate > 0 && config.runCap !== null && ended >= MIN_ENDED_FOR_ETA;
  return {
    ...sweepEntry(row),
    description: config.description,
    reason: row.reason,
    metric: { name: config.metric.name, goal: config.metric.goal, target: config.metric.target },
    otherMetrics: config.otherMetrics.map(otherMetricView),
    parameters: config.parameters
      .filter((parameter) => parameter.distribution.kind !== 'constant')
      .map((parameter) => parameter.name),
    method: config.method,
    sampler: config.sampler.type,
    scheduler: config.earlyTerminate?.type ?? null,
    fidelity: config.fidelity && { unit: config.fidelity.unit, max: config.fidelity.max },
    runCap: config.runCap,
    finishedAt: row.finishedAt,
    wallSeconds: row.wallSeconds,
    counts,
    best: best && { number: best.number, value: writeNumber(best.value) },
    backends: row.backends,
    trialsPerSecond: rate > 0 ? rate : null,
    etaSeconds: canEstimate ? Math.max(0, (config.runCap - ended) / rate) : null,
    attended,
  };
}

export function trialView(row: TrialRow): TrialView {
  return {
    number: row.number,
    state: row.state,
    params: row.params,
    value: numberOrNull(row.value),
    lastValue: numberOrNull(row.lastValue),
    values: row.values && numbers(row.values),
    violation: numberOrNull(row.violation),
    step: row.step,
    metrics: numbers(row.metrics),
    reason: row.reason,
    attempts: row.attempts,
    worker: row.worker,
    sampler: row.sampler,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    durationSeconds: row.durationSeconds,
  };
}

function otherMetricView(metric: SweepRow['config']['otherMetrics'][number]): OtherMetricView {
  const { name } = metric;
  return 'goal' in metric ? { name, goal: metric.goal } : { name, min: metric.min, max: metric.max };
}

export function trialDetail(
  row: TrialRow,
  attempts: readonly AttemptRow[],
  reports: readonly ReportRow[],
): TrialDetail {
  return {
    ...trialView(row),
    error: errorView(row.error),
    backend: row.backend,
    retryOf: row.retryOf,
    createdAt: row.createdAt,
    attemptList: attempts.map(attemptView),
    reports: reports.map(reportView),
  };
}

function attemptView(row: AttemptRow): AttemptView {
  const { attempt, worker, slot, backend, outcome, reason, openedAt, startedAt, finishedAt } = row;
  const [error, ranSeconds] = [errorView(row.error), row.ranMs / 1000];
  return {
    attempt,
    worker,
    slot,
    backend,
    outcome,
    reason,
    error,
    openedAt,
    startedAt,
    finishedAt,
    ranSeconds,
  };
}

function reportView({ attempt, step, values }: ReportRow): ReportView {
  return { attempt, step, values: numbers(values) };
}

function errorView(error: TrialRow['error']): ErrorView | null {
  if (error === null) return null;
  const { kind, message, stack = null, at = null } = error;
  return { kind, message, stack, at };
}

function numbers(values: Readonly<Record<string, number>>): Record<string, WireNumber> {
  // fromEntries defines each key: a metric called `__proto__` stays a plain key.
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, writeNumber(value)]));
}

function numberOrNull(value: number | null): WireNumber | null {
  return value === null ? null : writeNumber(value);
}
