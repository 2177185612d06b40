import type { SweepConfig } from '../config/sweep-config.ts';
import type {
  FinishedEvent,
  Heartbeat,
  ReportEvent,
  RunEvent,
  TrialError,
  WorkerEvent,
} from '../protocol/events.ts';
import type { SweepTransaction } from '../store/types.ts';
import type { Study } from '../study/types.ts';
import type { Aftermath } from './aftermath.ts';
import type { Fleet } from './fleet.ts';
import { type OpenTrial, type OpenTrials, park, requeue } from './open-trials.ts';
import { retryDelayMs } from './retry.ts';
import { hearEvent, hearHeartbeat, keepClock, startClock } from './run-clock.ts';
import { firstLine, nanError, noMetricError, noReportError } from './trial-errors.ts';

export interface IntakeParts {
  readonly config: SweepConfig;
  readonly study: Study;
  readonly fleet: Fleet;
  readonly trials: OpenTrials;
}

/** Applies what workers say to study and store, inside one transaction. */
export class Intake {
  readonly #config: SweepConfig;
  readonly #study: Study;
  readonly #fleet: Fleet;
  readonly #trials: OpenTrials;
  /** Names of the sweep's metrics, the first objective first. */
  readonly #metrics: readonly string[];
  #hasToldOfLostRungs = false;
  #hasCaughtUp = false;

  constructor(parts: IntakeParts) {
    this.#config = parts.config;
    this.#study = parts.study;
    this.#fleet = parts.fleet;
    this.#trials = parts.trials;
    this.#metrics = parts.study.metrics;
  }

  apply(tx: SweepTransaction, event: WorkerEvent, now: number, after: Aftermath): void {
    if (event.type === 'heartbeat') {
      this.#fleet.heartbeat(event, now);
      if (this.#hasCaughtUp) this.#hearOfRuns(event, now);
      return;
    }
    const trial = this.#trials.get(event.trial);
    if (
      trial === undefined ||
      trial.attempt !== event.attempt ||
      (trial.runId ?? event.runId) !== event.runId
    ) {
      dismiss(event, after);
      return;
    }
    if (trial.runId === null && event.type === 'finished' && event.outcome.kind === 'returned') {
      // Refused before it was started: the attempt goes back without ever having been bound.
      this.#returned(tx, trial, event.outcome, event.at, now, after);
      after.acknowledged.set(event.runId, event.seq);
      return;
    }
    if (trial.runId === null && event.type !== 'started') return; // its `started` was not seen: it will be sent again
    if (event.seq <= trial.lastSeq) {
      after.acknowledged.set(event.runId, trial.lastSeq);
      return;
    }
    if (event.seq !== trial.lastSeq + 1) return; // a gap: the worker sends from the first unacknowledged one again

    this.#fleet.touch(event.runId, now);
    if (trial.runId !== null) hearEvent(trial, event.at, now);
    switch (event.type) {
      case 'started':
        tx.bindAttempt(trial.number, trial.attempt, {
          runId: event.runId,
          workerId: event.workerId,
          worker: event.worker,
          slot: event.slot,
          backend: event.backend,
          gpus: event.gpus,
          at: event.at,
        });
        trial.gpus = event.gpus;
        trial.phase = 'running';
        trial.runId = event.runId;
        trial.workerId = event.workerId;
        trial.worker = event.worker;
        startClock(trial, event.at, now);
        break;
      case 'report':
        this.#report(tx, trial, event, now, after);
        break;
      case 'checkpoint':
        tx.addCheckpoint(trial.number, { attempt: trial.attempt, step: event.step, path: event.path });
        trial.saved = event.step;
        after.saved.add(trial.number);
        break;
      case 'finished':
        this.#finished(tx, trial, event, now, after);
        break;
    }
    trial.lastSeq = event.seq;
    tx.setLastSeq(event.trial, event.attempt, event.seq);
    after.acknowledged.set(event.runId, event.seq);
  }

  /** The stream was read to its end: heartbeats from now on are new, and not of a time when no orchestrator was there. */
  catchUp(): void {
    this.#hasCaughtUp = true;
  }

  #hearOfRuns({ runs }: Heartbeat, now: number): void {
    const named = new Set(runs);
    for (const trial of this.#trials.in('running'))
      if (trial.runId !== null && named.has(trial.runId)) hearHeartbeat(trial, now);
  }

  /** Ends a trial by the loop's own decision; its run, if it has one, is told to stop and keeps its slot until then. */
  end(
    tx: SweepTransaction,
    trial: OpenTrial,
    end: { state: 'pruned' | 'failed' | 'stopped'; reason: string; error?: TrialError },
    now: number,
    after: Aftermath,
  ): void {
    this.#study.tell(trial.number, { state: end.state });
    keepClock(tx, trial);
    tx.finishTrial(trial.number, { ...end, value: null, at: Date.now() });
    after.finished.push({
      number: trial.number,
      state: end.state,
      value: null,
      values: null,
      violation: null,
      error: end.error ?? null,
      step: trial.step,
    });
    if (trial.phase === 'running') {
      after.stops.push({
        trial: trial.number,
        attempt: trial.attempt,
        runId: trial.runId,
        reason: end.reason,
      });
      trial.phase = 'closing';
      trial.stoppingSince ??= now;
    } else {
      this.#trials.remove(trial.number);
    }
  }

  #report(tx: SweepTransaction, trial: OpenTrial, event: ReportEvent, now: number, after: Aftermath): void {
    const closing = trial.phase === 'closing';
    const given = this.#ownOf(event.values);
    const nan = Object.keys(given).find((name) => Number.isNaN(given[name]));
    const first = given[this.#metrics[0]!] ?? null;
    // A report with a NaN ends its trial: the study hears of that alone.
    const heard = !closing && nan === undefined && Object.keys(given).length > 0;
    tx.addReport(trial.number, trial.attempt, {
      step: event.step,
      values: event.values,
      at: event.at,
      metric: heard ? first : null,
      results: heard && this.#metrics.length > 1 ? given : null,
    });
    trial.step = event.step;
    if (closing) return;
    if (nan !== undefined) {
      const error = nanError(nan, event.step);
      this.end(tx, trial, { state: 'failed', reason: error.message, error }, now, after);
      return;
    }
    if (!heard) return;
    const { stop } = this.#study.report(trial.number, event.step, given);
    if (stop !== null && trial.stoppingSince === null) {
      this.end(tx, trial, { state: 'pruned', reason: stop }, now, after);
    }
  }

  /** What trainers report beyond the sweep's metrics is kept, and is nothing to the study. */
  #ownOf(values: Readonly<Record<string, number>>): Record<string, number> {
    const own = this.#metrics.filter((name) => Object.hasOwn(values, name));
    return Object.fromEntries(own.map((name) => [name, values[name]!]));
  }

  #finished(
    tx: SweepTransaction,
    trial: OpenTrial,
    event: FinishedEvent,
    now: number,
    after: Aftermath,
  ): void {
    const { outcome } = event;
    this.#fleet.forget(event.runId);
    keepClock(tx, trial);
    if (trial.phase === 'closing') {
      if (outcome.kind === 'complete' && Object.keys(outcome.values).length > 0) {
        const report = { step: Math.max(trial.step, 1), values: outcome.values, at: event.at, metric: null };
        tx.addReport(trial.number, trial.attempt, report);
      }
      this.#trials.remove(trial.number);
      return;
    }
    switch (outcome.kind) {
      case 'complete':
        this.#complete(tx, trial, outcome.values, event, now, after);
        return;
      case 'failed':
        this.#failed(tx, trial, outcome.error, event, now, after);
        return;
      case 'stopped':
        if (trial.stoppingSince !== null) {
          trial.phase = 'closing';
          this.end(tx, trial, { state: 'stopped', reason: 'stopped on request' }, now, after);
          return;
        }
        tx.endAttempt(trial.number, trial.attempt, {
          outcome: 'returned',
          reason: 'stopped by nobody',
          at: event.at,
        });
        requeue(trial, now);
        return;
      case 'returned':
        this.#returned(tx, trial, outcome, event.at, now, after);
        return;
    }
  }

  #returned(
    tx: SweepTransaction,
    trial: OpenTrial,
    outcome: { reason: string; refused: boolean },
    at: number,
    now: number,
    after: Aftermath,
  ): void {
    tx.endAttempt(trial.number, trial.attempt, { outcome: 'returned', reason: outcome.reason, at });
    requeue(trial, now);
    if (!outcome.refused) return;
    this.#fleet.refused(outcome.reason);
    after.notices.push(`a worker takes no trial of this sweep: ${outcome.reason}`);
  }

  #complete(
    tx: SweepTransaction,
    trial: OpenTrial,
    values: Readonly<Record<string, number>>,
    event: FinishedEvent,
    now: number,
    after: Aftermath,
  ): void {
    // At its rung it has no result yet, not even where the sweep ends meanwhile.
    if (this.#study.isAtPause(trial.number)) {
      this.#pause(tx, trial, event.at, after);
      return;
    }
    if (trial.step === 0 && this.#study.pauseAt(trial.number) !== null) {
      this.#failed(tx, trial, noReportError(this.#study.pauseAt(trial.number)!), event, now, after);
      return;
    }
    const returned = this.#ownOf(values);
    const nan = Object.keys(returned).find((name) => Number.isNaN(returned[name]));
    if (nan !== undefined) {
      this.#failed(tx, trial, nanError(nan, null), event, now, after);
      return;
    }
    const missing = this.#study.unreported(trial.number).filter((name) => !Object.hasOwn(returned, name));
    if (missing.length > 0) {
      const known = new Set([...Object.keys(values), ...Object.keys(tx.trial(trial.number)?.metrics ?? {})]);
      this.#failed(tx, trial, noMetricError(missing, [...known]), event, now, after);
      return;
    }
    const told = this.#study.tell(trial.number, { state: 'complete', values: returned });
    if (told.state !== 'complete') {
      const [first] = this.#metrics;
      this.#finishFailed(tx, trial, nanError(first!, null), event.at, after);
      return;
    }
    const results = this.#metrics.length > 1 ? told.values : null;
    const { value, violation } = told;
    tx.finishTrial(trial.number, { state: 'complete', value, results, violation, values, at: event.at });
    after.finished.push({
      number: trial.number,
      state: 'complete',
      value,
      values: results,
      violation,
      error: null,
      step: trial.step,
    });
    this.#trials.remove(trial.number);
  }

  #pause(tx: SweepTransaction, trial: OpenTrial, at: number, after: Aftermath): void {
    this.#study.pause(trial.number);
    tx.pauseTrial(trial.number, trial.attempt, { reason: `waits at step ${trial.step}`, at });
    park(trial);
    if (trial.saved >= trial.step || this.#hasToldOfLostRungs) return;
    this.#hasToldOfLostRungs = true;
    after.notices.push(
      `trial ${trial.number} has saved no checkpoint at step ${trial.step}: a trial that is promoted trains again from step ${trial.saved}`,
    );
  }

  #failed(
    tx: SweepTransaction,
    trial: OpenTrial,
    error: TrialError,
    event: FinishedEvent,
    now: number,
    after: Aftermath,
  ): void {
    const delay = retryDelayMs(this.#config.retry, error, trial.failures + 1);
    if (delay !== null && trial.stoppingSince === null) {
      tx.endAttempt(trial.number, trial.attempt, {
        outcome: 'failed',
        reason: error.message,
        error,
        at: event.at,
      });
      trial.failures += 1;
      requeue(trial, now + delay);
      return;
    }
    this.#study.tell(trial.number, { state: 'failed' });
    this.#finishFailed(tx, trial, error, event.at, after);
  }

  /** The study knows already. */
  #finishFailed(
    tx: SweepTransaction,
    trial: OpenTrial,
    error: TrialError,
    at: number,
    after: Aftermath,
  ): void {
    tx.finishTrial(trial.number, {
      state: 'failed',
      value: null,
      reason: firstLine(error.message),
      error,
      at,
    });
    after.finished.push({
      number: trial.number,
      state: 'failed',
      value: null,
      values: null,
      violation: null,
      error,
      step: trial.step,
    });
    this.#trials.remove(trial.number);
  }
}

/** A run that is not, or no longer, the attempt's: it may forget its events, and has to end. */
function dismiss(event: RunEvent, after: Aftermath): void {
  after.acknowledged.set(event.runId, Math.max(event.seq, after.acknowledged.get(event.runId) ?? 0));
  if (event.type === 'finished') return;
  const reason = 'this attempt is no longer wanted';
  after.stops.push({ trial: event.trial, attempt: event.attempt, runId: event.runId, reason });
}
