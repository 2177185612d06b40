import { ConfigError, liveOverrides, type SweepConfig } from '../config/index.ts';
import { jobId } from '../protocol/job.ts';
import { SpaceError } from '../space/space-error.ts';
import { refusal, type SweepRequest } from '../store/requests.ts';
import type { RequestRow, SweepRow, SweepTransaction } from '../store/types.ts';
import type { AskedTrial, Study } from '../study/types.ts';
import type { Aftermath } from './aftermath.ts';
import type { Crew } from './crew.ts';
import type { Ending, EndingWatch } from './ending.ts';
import type { OpenTrials } from './open-trials.ts';
import type { TrialEnds } from './trial-ends.ts';

export interface RequestParts {
  readonly sweep: SweepRow;
  readonly study: Study;
  readonly trials: OpenTrials;
  readonly ends: TrialEnds;
  readonly crew: Crew;
  /** Trials that were tried again: number → the newest trial of it. */
  readonly retried: ReadonlyMap<number, number>;
  /** What counts against the budget of failures. */
  readonly watch: EndingWatch;
  readonly isPaused: boolean;
}

/** One turn of the loop: what a request may use. */
export interface RequestTurn {
  readonly tx: SweepTransaction;
  readonly now: number;
  readonly after: Aftermath;
  /** The sweep is about to end or to be left: nothing is begun any more. */
  readonly isEnding: boolean;
  /** Why the sweep would end now although that many of its failed trials were tried again; null: it would not. */
  readonly endingAfter: (retries: number) => Ending | null;
}

/**
 * Carries out what CLI and dashboard asked for. Each outcome is written in the transaction that holds the effect, so that
 * a request is carried out once, whenever this process dies.
 */
export class Requests {
  readonly #parts: RequestParts;
  readonly #retried: Map<number, number>;
  #isPaused: boolean;
  #ending: Ending | null = null;
  #config: SweepConfig | null = null;

  constructor(parts: RequestParts) {
    this.#parts = parts;
    this.#retried = new Map(parts.retried);
    this.#isPaused = parts.isPaused;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** The sweep itself is to stop. */
  get ending(): Ending | null {
    return this.#ending;
  }

  /** The sweep goes on with these settings, and everything that follows from them is to be made anew. */
  get config(): SweepConfig | null {
    return this.#config;
  }

  /** A pause, or a stop, that was asked of an orchestrator that has died since: whoever starts the sweep again wants it to run. */
  dropStale(tx: SweepTransaction): void {
    for (const { id, request } of tx.pendingRequests()) {
      if (request?.kind === 'pause' || request?.kind === 'resume' || request?.kind === 'stop')
        tx.settleRequest(id, refusal('the sweep was started again since'));
    }
  }

  carryOut(turn: RequestTurn): void {
    const pending = turn.tx.pendingRequests();
    // A trial that is begun in the transaction that ends the sweep would be stopped in it, and its request be gone.
    const isEnding =
      turn.isEnding || (pending.some(begins) && turn.endingAfter(this.#retries(pending, turn)) !== null);
    for (const { id, request } of pending) {
      const outcome =
        request === null
          ? refusal('this version does not know such a request')
          : this.#do(request, begins({ request }) ? { ...turn, isEnding } : turn);
      if (outcome !== null) turn.tx.settleRequest(id, outcome);
      // What follows is decided under the new settings.
      if (this.#config !== null) return;
    }
  }

  /** Failures that no longer count once `pending` is carried out. */
  #retries(pending: readonly RequestRow[], { tx }: RequestTurn): number {
    const numbers = pending.flatMap(({ request }) => (request?.kind === 'retry' ? [request.number] : []));
    return [...new Set(numbers)].filter(
      (number) => !this.#retried.has(number) && tx.trial(number)?.state === 'failed',
    ).length;
  }

  /** @returns null where the request has to wait. */
  #do(request: SweepRequest, turn: RequestTurn): string | null {
    switch (request.kind) {
      case 'stop':
        this.#ending ??= { state: 'stopped', reason: 'stopped on request' };
        return 'stopping';
      case 'stop-trial':
        return this.#stopTrial(request.number, turn);
      case 'pause':
        return this.#pause(turn);
      case 'resume':
        return this.#resume(turn);
      case 'retry':
        return this.#retry(request.number, turn);
      case 'enqueue':
        return this.#enqueue(request.params, turn);
      case 'set':
        return this.#set(request.set, turn);
      case 'drain-worker':
        return this.#parts.crew.drain(turn.tx, request.worker, turn.now, turn.after);
      case 'release-worker':
        return this.#parts.crew.release(turn.tx, request.worker, turn.after);
    }
  }

  #stopTrial(number: number, { tx, now, after }: RequestTurn): string {
    const trial = this.#parts.trials.get(number);
    if (trial === undefined || trial.phase === 'closing') {
      const row = tx.trial(number);
      return refusal(
        row === null ? `there is no trial ${number}` : `trial ${number} is already ${row.state}`,
      );
    }
    // What waits at a rung is not running: it is given up there.
    const state = trial.phase === 'paused' ? 'pruned' : 'stopped';
    if (trial.phase === 'queued' && trial.attempt > 0)
      after.withdrawn.push(jobId(this.#parts.sweep.id, number, trial.attempt));
    this.#parts.ends.end(tx, trial, { state, reason: 'stopped on request' }, now, after);
    return `trial ${number} stopped`;
  }

  #pause({ tx, after, isEnding }: RequestTurn): string {
    if (isEnding) return refusal('the sweep is about to end');
    if (this.#isPaused) return 'is already paused';
    this.#isPaused = true;
    tx.setSweepState('paused', 'paused on request');
    const { sweep, trials } = this.#parts;
    const running = trials.in('running').length;
    after.notices.push(
      `paused on request: nothing new is begun. \`tfsweep resume ${sweep.name}\` in another terminal goes on.`,
    );
    return running === 0 ? 'paused' : `paused; ${running} running ${plural(running)} to the end`;
  }

  #resume({ tx, after, isEnding }: RequestTurn): string {
    if (isEnding) return refusal('the sweep is about to end');
    if (!this.#isPaused) return 'is not paused';
    this.#isPaused = false;
    tx.setSweepState('running', null);
    after.notices.push('resumed on request.');
    return 'goes on';
  }

  #retry(number: number, turn: RequestTurn): string | null {
    const row = turn.tx.trial(number);
    if (row === null) return refusal(`there is no trial ${number}`);
    if (row.state !== 'failed' && row.state !== 'stopped') {
      const instead =
        row.state === 'complete' || row.state === 'pruned'
          ? `; \`enqueue --like ${number}\` trains its parameters once more`
          : '';
      return refusal(
        `trial ${number} is ${row.state}, and only a failed or stopped one is tried again${instead}`,
      );
    }
    const newest = this.#retried.get(number);
    if (newest !== undefined) return refusal(`trial ${number} was tried again already, as trial ${newest}`);
    const asked = this.#begin(row.params, turn);
    if (asked === null) return null;
    turn.tx.addTrial({ ...asked, sampler: 'retry', chosen: true, retryOf: number });
    this.#retried.set(number, asked.number);
    if (row.state === 'failed') this.#parts.watch.forgive();
    return `trial ${number} is tried again as trial ${asked.number}`;
  }

  #enqueue(point: Extract<SweepRequest, { kind: 'enqueue' }>['params'], turn: RequestTurn): string | null {
    try {
      const asked = this.#begin(point, turn);
      if (asked === null) return null;
      turn.tx.addTrial({ ...asked, sampler: 'enqueued', chosen: true });
      return `trial ${asked.number} is queued: ${JSON.stringify(asked.params)}`;
    } catch (error) {
      if (error instanceof SpaceError) return refusal(error.message);
      throw error;
    }
  }

  /** In order, a trial begins when those before it have ended. */
  #begin(point: AskedTrial['params'], { isEnding }: RequestTurn): AskedTrial | null {
    const { study, trials } = this.#parts;
    if (isEnding || study.waitsFor() !== null) return null;
    const asked = study.enqueue(point);
    trials.add({ number: asked.number, params: asked.params });
    return asked;
  }

  #set(set: readonly string[], { tx, isEnding }: RequestTurn): string | null {
    if (isEnding) return null;
    try {
      const config = liveOverrides(this.#parts.sweep.config, set);
      tx.setConfig(config);
      this.#config = config;
      return `${set.join(', ')}: from now on`;
    } catch (error) {
      if (error instanceof ConfigError) return refusal(error.message);
      throw error;
    }
  }
}

function begins({ request }: Pick<RequestRow, 'request'>): boolean {
  return request?.kind === 'retry' || request?.kind === 'enqueue';
}

function plural(count: number): string {
  return count === 1 ? 'trial goes on' : 'trials go on';
}
