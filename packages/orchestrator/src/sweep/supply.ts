import type { SignedJob } from '../protocol/links.ts';
import type { SweepTransaction } from '../store/types.ts';
import type { AskedTrial, Study } from '../study/types.ts';
import { type OpenTrial, type OpenTrials, requeue } from './open-trials.ts';

/** A turn asks no longer than that, then what it has goes to the workers, and they are heard. */
const ASKING_MS = 100;

export interface SupplyParts {
  readonly study: Study;
  readonly trials: OpenTrials;
  /** Trials that may wait for a slot, beyond those that run. */
  readonly mayWait: (now: number) => number;
  readonly jobFor: (trial: OpenTrial) => SignedJob;
}

/**
 * Keeps a trial waiting for each slot. A sampler may take its time, and nobody else can write while a transaction is
 * open: so the study is asked between two of them, and what it gave is what the next one begins with. Study and store
 * then know asks and events in one order, and what was asked and never committed is asked again by the next life.
 */
export class Supply {
  readonly #parts: SupplyParts;
  readonly #asked: AskedTrial[] = [];
  #exhausted = false;

  constructor(parts: SupplyParts) {
    this.#parts = parts;
  }

  /** The sampler has nothing left to try. */
  get isExhausted(): boolean {
    return this.#exhausted;
  }

  /** … and all that it gave is committed. */
  get isDry(): boolean {
    return this.#exhausted && this.#asked.length === 0;
  }

  /** Of the trials that wait at rungs, another may have earned to go on. */
  askAgain(): void {
    this.#exhausted = false;
  }

  /** Something waits for a transaction. */
  isDue(now: number): boolean {
    return this.#asked.length > 0 || this.#due(now).length > 0;
  }

  /** Whether `ask` would ask. */
  isShort(now: number): boolean {
    return this.#missing(now) > 0;
  }

  /** Outside of a transaction. */
  ask(now: number): void {
    const startedAt = performance.now();
    for (let missing = this.#missing(now); missing > 0; missing--) {
      if (this.#parts.study.waitsFor() !== null) return;
      const asked = this.#parts.study.ask();
      if (asked === null) {
        this.#exhausted = true;
        return;
      }
      this.#asked.push(asked);
      if (performance.now() - startedAt > ASKING_MS) return;
    }
  }

  /** What was asked for since the last transaction, before anything else is written in this one. */
  commit(tx: SweepTransaction, now: number): void {
    const { trials } = this.#parts;
    for (const asked of this.#asked) {
      const paused = asked.resumes ? trials.get(asked.number) : undefined;
      if (paused === undefined) {
        tx.addTrial(asked);
        trials.add({ number: asked.number, params: asked.params });
      } else {
        tx.resumeTrial(paused.number);
        requeue(paused, now);
      }
    }
    this.#asked.length = 0;
  }

  /** Attempts of the trials that are due, new ones among them. */
  open(tx: SweepTransaction, now: number): SignedJob[] {
    return this.#due(now).map((trial) => {
      trial.attempt = tx.openAttempt(trial.number);
      return this.#parts.jobFor(trial);
    });
  }

  #due(now: number): OpenTrial[] {
    return this.#parts.trials.in('queued').filter((trial) => trial.attempt === 0 && trial.notBefore <= now);
  }

  #missing(now: number): number {
    const { study, trials, mayWait } = this.#parts;
    if (this.#exhausted || study.waitsFor() !== null) return 0;
    return mayWait(now) - trials.in('queued').length - this.#asked.length;
  }
}
