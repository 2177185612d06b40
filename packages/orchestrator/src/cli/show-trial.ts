import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSafe, metricValue, significant } from '../analysis/index.ts';
import { artifactsDir, runPath } from '../artifact-paths.ts';
import type { TrialError } from '../protocol/events.ts';
import type { AttemptRow, ReportRow, Store, SweepRow, TrialRow } from '../store/index.ts';
import { paint } from './context.ts';
import { durationText } from './duration-text.ts';
import { isoTime } from './iso-time.ts';
import { paramText, STATE_STYLES } from './leaderboard.ts';
import { sparkline } from './sparkline.ts';
import { type Column, plain, renderTable } from './table.ts';

const SHOWN_REPORTS = 12;

export function trialJson(store: Store, sweep: SweepRow, trial: TrialRow): unknown {
  return jsonSafe({
    sweep: sweep.name,
    number: trial.number,
    state: trial.state,
    value: trial.value,
    last_value: trial.lastValue,
    values: trial.values,
    violation: trial.violation,
    step: trial.step,
    params: trial.params,
    metrics: trial.metrics,
    reason: trial.reason,
    error: trial.error,
    sampler: trial.sampler,
    retry_of: trial.retryOf,
    worker: trial.worker,
    backend: trial.backend,
    attempts: trial.attempts,
    failures: trial.failures,
    duration_s: trial.durationSeconds,
    created_at: isoTime(trial.createdAt),
    started_at: isoTime(trial.startedAt),
    finished_at: isoTime(trial.finishedAt),
    reports: store.reports(sweep.id, trial.number).map(({ attempt, step, values, at }) => ({
      attempt,
      step,
      values,
      at: isoTime(at),
    })),
    runs: store.attempts(sweep.id, trial.number).map((attempt) => ({
      attempt: attempt.attempt,
      run_id: attempt.runId,
      worker: attempt.worker,
      slot: attempt.slot,
      backend: attempt.backend,
      outcome: attempt.outcome,
      reason: attempt.reason,
      error: attempt.error,
      started_at: isoTime(attempt.startedAt),
      finished_at: isoTime(attempt.finishedAt),
      dir: runDir(store, sweep, attempt),
    })),
  });
}

export function trialLines(store: Store, sweep: SweepRow, trial: TrialRow): string[] {
  const attempts = store.attempts(sweep.id, trial.number);
  return [
    ...headLines(sweep, trial),
    '',
    paint('bold', 'parameters'),
    ...Object.entries(trial.params).map(([name, value]) => `  ${plain(name)}: ${plain(paramText(value))}`),
    ...reportLines(sweep, store.reports(sweep.id, trial.number)),
    ...attemptLines(attempts),
    ...errorLines(trial.error),
    ...fileLines(store, sweep, attempts),
  ];
}

function headLines(sweep: SweepRow, trial: TrialRow): string[] {
  const { metric, fidelity } = sweep.config;
  const state = paint(STATE_STYLES[trial.state], trial.state);
  const lines = [`${paint('bold', `${sweep.name} trial ${trial.number}`)}  ${state}`];
  if (trial.reason !== null) lines.push(plain(trial.reason));
  if (trial.value !== null) lines.push(`${metric.name} ${significant(trial.value, 5)}`);
  else if (trial.lastValue !== null) lines.push(`last ${metric.name} ${significant(trial.lastValue, 5)}`);
  for (const { name } of sweep.config.otherMetrics) {
    const other = metricValue(trial, sweep.config, name);
    if (other !== null) lines.push(`${name} ${significant(other, 5)}`);
  }
  if (trial.violation !== null && trial.violation > 0)
    lines.push(paint('yellow', `breaks the constraints by ${significant(trial.violation)} in all`));
  const facts = [`chosen by ${trial.sampler}`];
  if (trial.retryOf !== null) facts.push(`a retry of trial ${trial.retryOf}`);
  if (trial.step > 0)
    facts.push(`${trial.step}${fidelity === null ? '' : ` of ${fidelity.max}`} ${fidelity?.unit ?? 'steps'}`);
  if (trial.durationSeconds !== null) facts.push(durationText(trial.durationSeconds));
  if (trial.worker !== null) facts.push(`on ${plain(trial.worker)} (${plain(trial.backend ?? '')})`);
  return [...lines, paint('dim', facts.join(', '))];
}

function reportLines(sweep: SweepRow, reports: readonly ReportRow[]): string[] {
  if (reports.length === 0) return [];
  const metric = sweep.config.metric.name;
  const last = reports.filter(({ attempt }) => attempt === reports.at(-1)!.attempt);
  const curve = last.flatMap(({ values }) => values[metric] ?? []);
  const lines = ['', paint('bold', 'reports')];
  if (curve.length > 1) lines.push(`  ${metric} ${paint('cyan', sparkline(curve))}`);
  const others = new Set(
    reports.flatMap(({ values }) => Object.keys(values)).filter((name) => name !== metric),
  );
  const names = [metric, ...others];
  const shown = reports.slice(-SHOWN_REPORTS);
  if (shown.length < reports.length)
    lines.push(paint('dim', `  the last ${shown.length} of ${reports.length}:`));
  const columns: Column[] = ['attempt', 'step', ...names].map((title) => ({ title, align: 'right' }));
  const rows = shown.map(({ attempt, step, values }) => [
    String(attempt),
    String(step),
    ...names.map((name) => (values[name] === undefined ? '' : significant(values[name], 5))),
  ]);
  lines.push(...renderTable(columns, rows));
  return lines;
}

function attemptLines(attempts: readonly AttemptRow[]): string[] {
  if (attempts.length === 0) return [];
  const titles = ['attempt', 'outcome', 'worker', 'slot', 'backend', 'reason'];
  const rows = attempts.map((attempt) => [
    String(attempt.attempt),
    attempt.outcome ?? (attempt.runId === null ? 'waiting' : 'running'),
    attempt.worker ?? '',
    attempt.slot === null ? '' : String(attempt.slot),
    attempt.backend ?? '',
    attempt.reason ?? '',
  ]);
  return [
    '',
    paint('bold', 'attempts'),
    ...renderTable(
      titles.map((title) => ({ title })),
      rows,
    ),
  ];
}

function errorLines(error: TrialError | null): string[] {
  if (error === null) return [];
  const at = error.at === undefined ? '' : ` at ${plain(error.at)}`;
  const lines = ['', paint('bold', `error (${error.kind}${at})`), paint('red', printable(error.message))];
  // A stack opens with the message in most cases; where it does, only the frames are news.
  const stack = printable(error.stack ?? '');
  const frames = stack.includes(printable(error.message)) ? stack.slice(stack.indexOf('\n') + 1) : stack;
  if (stack.includes('\n') && frames !== '') lines.push(frames);
  return lines;
}

function fileLines(store: Store, sweep: SweepRow, attempts: readonly AttemptRow[]): string[] {
  const dirs = attempts.map((attempt) => runDir(store, sweep, attempt)).filter((dir) => dir !== null);
  if (dirs.length === 0) return [];
  const lines = ['', paint('bold', 'log, artifacts and checkpoints')];
  for (const dir of dirs)
    lines.push(existsSync(dir) ? `  ${dir}` : `  ${dir} ${paint('dim', '(not on this host)')}`);
  return lines;
}

/** Where the agent keeps a run's files; null before it was bound. */
function runDir(store: Store, sweep: SweepRow, { number, runId }: AttemptRow): string | null {
  return runId === null ? null : join(artifactsDir(store.dir), runPath(sweep.id, number, runId));
}

/** Several lines of foreign text: line breaks stay, everything that a terminal would act on goes. */
function printable(text: string): string {
  return text.split('\n').map(plain).join('\n');
}
