import type { SweepConfig } from '../config/sweep-config.ts';
import { failureSignature } from '../failure-signature.ts';
import type { TrialError } from '../protocol/events.ts';
import type { SweepState } from '../store/types.ts';

/** That many trials in a row with one error at the start mean that the trainer is broken, not the parameters. */
const SAME_ERROR_AT_START = 3;

export interface Ending {
  readonly state: Extract<SweepState, 'complete' | 'stopped' | 'failed'>;
  readonly reason: string | null;
  /** Shown once, whole, where one error ended the sweep. */
  readonly error?: TrialError;
}

export interface FinishedTrial {
  readonly state: 'complete' | 'pruned' | 'failed' | 'stopped';
  readonly value: number | null;
  readonly error: TrialError | null;
}

/** Watches finished trials and time for a reason to end the sweep early. */
export class EndingWatch {
  readonly #config: SweepConfig;
  #failed = 0;
  readonly #first: FinishedTrial[] = [];
  #targetReached: number | null = null;

  constructor(config: SweepConfig) {
    this.#config = config;
  }

  /**
   * Call once per finished trial. Those of an earlier life count for the budgets, but not as a start: whoever resumes
   * a sweep that ended by its trainer's error has mended the trainer.
   */
  observe(trial: FinishedTrial, life: 'this' | 'earlier'): void {
    if (life === 'this' && this.#first.length < SAME_ERROR_AT_START) this.#first.push(trial);
    if (trial.state === 'failed') this.#failed += 1;
    const { target, goal } = this.#config.metric;
    if (target === null || trial.state !== 'complete' || trial.value === null) return;
    if (goal === 'maximize' ? trial.value >= target : trial.value <= target)
      this.#targetReached = trial.value;
  }

  /** @param wallSeconds - time that orchestrators spent on this sweep, over all resumes. */
  check(wallSeconds: number): Ending | null {
    const { metric, budget } = this.#config;
    if (this.#targetReached !== null) {
      return {
        state: 'complete',
        reason: `${metric.name} reached its target: ${this.#targetReached} (target ${metric.target})`,
      };
    }
    const error = this.#sameErrorAtStart();
    if (error !== null) {
      return {
        state: 'failed',
        reason: `the first ${SAME_ERROR_AT_START} trials failed with the same error`,
        error,
      };
    }
    if (budget.maxFailed !== null && this.#failed > budget.maxFailed) {
      return {
        state: 'failed',
        reason: `${this.#failed} trials failed; budget.max_failed is ${budget.maxFailed}`,
      };
    }
    if (budget.wallclockMs !== null && wallSeconds * 1000 >= budget.wallclockMs) {
      return { state: 'complete', reason: `budget.wallclock of ${budget.wallclockMs / 1000} s is used up` };
    }
    return null;
  }

  #sameErrorAtStart(): TrialError | null {
    const [first] = this.#first;
    if (this.#first.length < SAME_ERROR_AT_START || !first?.error) return null;
    const { error } = first;
    return this.#first.every(
      (trial) =>
        trial.error?.kind === error.kind &&
        failureSignature(trial.error.message) === failureSignature(error.message),
    )
      ? error
      : null;
  }
}
