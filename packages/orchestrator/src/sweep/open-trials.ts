import type { Params } from '../space/types.ts';
import { ranMs } from './run-clock.ts';

/**
 * A trial that is not over for the loop. `queued`: an attempt is open, or will be at `notBefore`. `running`: bound to a
 * run. `paused`: it waits at a rung, without an attempt. `closing`: the trial is finished in SQLite, but its run still has a slot until it says that it ended.
 */
export interface OpenTrial {
  readonly number: number;
  readonly params: Params;
  phase: 'queued' | 'running' | 'paused' | 'closing';
  /** Index of the open attempt; 0: none is open. */
  attempt: number;
  runId: string | null;
  workerId: string | null;
  /** GPUs of its run, or its share of one. */
  gpus: number;
  /** When its run began and when it was last seen, in the loop's milliseconds, and when it began by its worker's clock. */
  startedAt: number;
  seenAt: number;
  startedBy: number;
  worker: string | null;
  /** Highest event of the run that is committed. */
  lastSeq: number;
  step: number;
  /** Step of its newest checkpoint, 0: none. */
  saved: number;
  /** When the next attempt may start, in the loop's milliseconds. */
  notBefore: number;
  /** Failures by the trainer's own fault; workers that died in this life while they had it and others lived. */
  failures: number;
  losses: number;
  /** When it was told to stop; null while it may go on. */
  stoppingSince: number | null;
}

/** The loop's mirror of what SQLite holds of unfinished trials; the loop is the only one who writes either. */
export class OpenTrials {
  readonly #byNumber = new Map<number, OpenTrial>();

  add(trial: Pick<OpenTrial, 'number' | 'params'> & Partial<OpenTrial>): OpenTrial {
    const open: OpenTrial = {
      phase: 'queued',
      attempt: 0,
      runId: null,
      workerId: null,
      gpus: 0,
      startedAt: 0,
      seenAt: 0,
      startedBy: 0,
      worker: null,
      lastSeq: 0,
      step: 0,
      saved: 0,
      notBefore: 0,
      failures: 0,
      losses: 0,
      stoppingSince: null,
      ...trial,
    };
    this.#byNumber.set(open.number, open);
    return open;
  }

  get(number: number): OpenTrial | undefined {
    return this.#byNumber.get(number);
  }

  remove(number: number): void {
    this.#byNumber.delete(number);
  }

  all(): IterableIterator<OpenTrial> {
    return this.#byNumber.values();
  }

  in(phase: OpenTrial['phase']): OpenTrial[] {
    return [...this.#byNumber.values()].filter((trial) => trial.phase === phase);
  }

  /** GPUs × milliseconds of the attempts that run now, up to their last signs of life. */
  gpuMs(): number {
    return this.in('running').reduce((sum, trial) => sum + trial.gpus * ranMs(trial), 0);
  }

  get size(): number {
    return this.#byNumber.size;
  }
}

/** Back to the queue without a run: the next attempt is opened by the loop once `notBefore` has passed. */
export function requeue(trial: OpenTrial, notBefore: number): void {
  detach(trial);
  trial.phase = 'queued';
  trial.notBefore = notBefore;
}

/** Waits at a rung until the study brings it back. */
export function park(trial: OpenTrial): void {
  detach(trial);
  trial.phase = 'paused';
}

function detach(trial: OpenTrial): void {
  trial.attempt = 0;
  trial.runId = null;
  trial.workerId = null;
  trial.worker = null;
  trial.lastSeq = 0;
}
