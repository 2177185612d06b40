import type { SweepConfig } from '../config/sweep-config.ts';
import type { FinishedEvent, TrialError } from '../protocol/events.ts';
import type { SweepTransaction } from '../store/types.ts';
import type { Study } from '../study/types.ts';
import type { Aftermath } from './aftermath.ts';
import type { Crew } from './crew.ts';
import type { Fleet } from './fleet.ts';
import { type OpenTrial, type OpenTrials, park, requeue } from './open-trials.ts';
import { retryDelayMs } from './retry.ts';
import { keepClock } from './run-clock.ts';
import { firstLine, nanError, noMetricError, noReportError } from './trial-errors.ts';

export interface TrialEndsParts {
  readonly config: SweepConfig;
  readonly study: Study;
  readonly fleet: Fleet;
  readonly crew: Crew;
  readonly trials: OpenTrials;
}

/**
 * What becomes of a trial when its run has ended, or when the loop gives it up: it is over, waits at a rung, or goes back to
 * the queue. All of it inside of one transaction, in study and store alike.
 */
export class TrialEnds {
  readonly #config: SweepConfig;
  readonly #study: Study;
  readonly #fleet: Fleet;
  readonly #crew: Crew;
  readonly #trials: OpenTrials;
  /** Names of the sweep's metrics, the first objective first. */
  readonly #metrics: readonly string[];
  #hasToldOfLostRungs = false;

  constructor(parts: TrialEndsParts) {
    this.#config = parts.config;
    this.#study = parts.study;
    this.#fleet = parts.fleet;
    this.#crew = parts.crew;
    this.#trials = parts.trials;
    this.#metrics = parts.study.metrics;
  }

  /** Ends a trial by the loop's own decision; its run, if it has one, is told to stop and keeps its slot until then. */
  end(
    tx: SweepTransaction,
    trial: OpenTrial,
    end: { state: 'pruned' | 'failed' | 'stopped'; reason: string; error?: TrialError },
    now: number,
    after: Aftermath,
  ): void {
    keepClock(tx, trial);
    this.#study.tell(trial.number, { state: end.state });
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

  /** The run's last word. */
  hear(tx: SweepTransaction, trial: OpenTrial, event: FinishedEvent, now: number, after: Aftermath): void {
    const { outcome } = event;
    this.#fleet.forget(event.runId);
    if (outcome.kind === 'complete' || outcome.kind === 'stopped') this.#crew.good(trial.workerId);
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
        this.handBack(tx, trial, outcome, event.at, now, after);
        return;
    }
  }

  /** The attempt goes back without having been the trial's fault. */
  handBack(
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
    const returned = valuesOf(this.#metrics, values);
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
    const run = { worker: trial.workerId, trial: trial.number, error };
    this.#crew.crashed(tx, run, now, after);
    if (trial.stoppingSince === null && this.#crew.takesBlame(tx, run, now, after)) {
      const { message: reason } = error;
      tx.endAttempt(trial.number, trial.attempt, { outcome: 'returned', reason, error, at: event.at });
      requeue(trial, now);
      return;
    }
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

/** What trainers report beyond the sweep's metrics is kept, and is nothing to the study. */
export function valuesOf(
  metrics: readonly string[],
  values: Readonly<Record<string, number>>,
): Record<string, number> {
  const own = metrics.filter((name) => Object.hasOwn(values, name));
  return Object.fromEntries(own.map((name) => [name, values[name]!]));
}
