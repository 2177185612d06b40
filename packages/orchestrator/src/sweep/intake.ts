import type { Heartbeat, ReportEvent, RunEvent, WorkerEvent } from '../protocol/events.ts';
import type { SweepTransaction } from '../store/types.ts';
import type { Study } from '../study/types.ts';
import type { Aftermath } from './aftermath.ts';
import type { Fleet } from './fleet.ts';
import type { OpenTrial, OpenTrials } from './open-trials.ts';
import { hearEvent, hearHeartbeat, startClock } from './run-clock.ts';
import { type TrialEnds, valuesOf } from './trial-ends.ts';
import { nanError } from './trial-errors.ts';

export interface IntakeParts {
  readonly study: Study;
  readonly fleet: Fleet;
  readonly trials: OpenTrials;
  readonly ends: TrialEnds;
}

/** Applies what workers say to study and store, inside one transaction. */
export class Intake {
  readonly #study: Study;
  readonly #fleet: Fleet;
  readonly #trials: OpenTrials;
  readonly #ends: TrialEnds;
  /** Names of the sweep's metrics, the first objective first. */
  readonly #metrics: readonly string[];
  #hasCaughtUp = false;

  constructor(parts: IntakeParts) {
    this.#study = parts.study;
    this.#fleet = parts.fleet;
    this.#trials = parts.trials;
    this.#ends = parts.ends;
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
      this.#ends.handBack(tx, trial, event.outcome, event.at, now, after);
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
    // Before what follows from it: a trial that goes back to the queue counts its next run's events from 1.
    trial.lastSeq = event.seq;
    tx.setLastSeq(event.trial, event.attempt, event.seq);
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
        this.#ends.hear(tx, trial, event, now, after);
        break;
    }
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

  #report(tx: SweepTransaction, trial: OpenTrial, event: ReportEvent, now: number, after: Aftermath): void {
    const closing = trial.phase === 'closing';
    const given = valuesOf(this.#metrics, event.values);
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
      this.#ends.end(tx, trial, { state: 'failed', reason: error.message, error }, now, after);
      return;
    }
    if (!heard) return;
    const { stop } = this.#study.report(trial.number, event.step, given);
    if (stop !== null && trial.stoppingSince === null) {
      this.#ends.end(tx, trial, { state: 'pruned', reason: stop }, now, after);
    }
  }
}

/** A run that is not, or no longer, the attempt's: it may forget its events, and has to end. */
function dismiss(event: RunEvent, after: Aftermath): void {
  after.acknowledged.set(event.runId, Math.max(event.seq, after.acknowledged.get(event.runId) ?? 0));
  if (event.type === 'finished') return;
  const reason = 'this attempt is no longer wanted';
  after.stops.push({ trial: event.trial, attempt: event.attempt, runId: event.runId, reason });
}
