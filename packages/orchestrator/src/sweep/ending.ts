import { metricValue } from '../analysis/metric-value.ts';
import { objectivesOf } from '../config/metric-lists.ts';
import type { MetricConfig, SweepConfig } from '../config/sweep-config.ts';
import { failureSignature } from '../failure-signature.ts';
import type { TrialError } from '../protocol/events.ts';
import type { Store, SweepState, TrialRow } from '../store/types.ts';

/** That many trials in a row with one error at the start mean that the trainer is broken, not the parameters. */
const SAME_ERROR_AT_START = 3;

export interface Ending {
  readonly state: Extract<SweepState, 'complete' | 'stopped' | 'failed'>;
  readonly reason: string | null;
  /** The setting that it follows from, where it is one of these. */
  readonly limit?: 'metric.target' | 'budget.max_failed' | 'budget.wallclock' | 'budget.gpu_hours';
  /** Shown once, whole, where one error ended the sweep. */
  readonly error?: TrialError;
}

export interface FinishedTrial {
  readonly state: 'complete' | 'pruned' | 'failed' | 'stopped';
  /** Of the first metric, and of all of them by name where the sweep has several; null unless complete. */
  readonly value: number | null;
  readonly values?: Readonly<Record<string, number>> | null;
  /** How far it violates the constraints, 0: not at all. */
  readonly violation?: number | null;
  readonly error: TrialError | null;
}

/** Watches finished trials and time for a reason to end the sweep early. */
export class EndingWatch {
  readonly #config: SweepConfig;
  #failed = 0;
  readonly #first: FinishedTrial[];
  /** Objectives that have a target; the sweep ends when one trial reaches all of them. */
  readonly #targets: readonly MetricConfig[];
  #reached: FinishedTrial | null = null;

  /** @param before - another watch of this life, under other settings. */
  constructor(config: SweepConfig, before?: EndingWatch) {
    this.#config = config;
    this.#first = before === undefined ? [] : [...before.#first];
    this.#targets = objectivesOf(config).filter(({ target }) => target !== null);
  }

  /**
   * Call once per finished trial. Those of an earlier life count for the budgets, but not as a start: whoever resumes
   * a sweep that ended by its trainer's error has mended the trainer.
   */
  observe(trial: FinishedTrial, life: 'this' | 'earlier'): void {
    if (life === 'this' && this.#first.length < SAME_ERROR_AT_START) this.#first.push(trial);
    if (trial.state === 'failed') this.#failed += 1;
    if (this.#targets.length === 0 || trial.state !== 'complete' || (trial.violation ?? 0) > 0) return;
    if (this.#targets.every((metric) => reaches(this.#valueOf(trial, metric), metric))) this.#reached = trial;
  }

  /** Trials of earlier lives. */
  recall(trials: readonly TrialRow[]): void {
    for (const { state, value, values, violation, error } of trials)
      this.observe(
        { state: state === 'complete' ? state : 'failed', value, values, violation, error },
        'earlier',
      );
  }

  /** A failed trial that is tried again no longer counts. */
  forgive(): void {
    this.#failed -= 1;
  }

  /**
   * @param wallSeconds - time that orchestrators spent on this sweep, over all resumes.
   * @param gpuSeconds - GPUs × time of its attempts, those included that run now.
   * @param forgiven - failed trials that are about to be tried again.
   */
  check(wallSeconds: number, gpuSeconds: number, forgiven = 0): Ending | null {
    const { budget } = this.#config;
    if (this.#reached !== null)
      return {
        state: 'complete',
        reason: this.#whatWasReached(this.#reached),
        limit: 'metric.target',
      };
    const error = this.#sameErrorAtStart();
    if (error !== null) {
      return {
        state: 'failed',
        reason: `the first ${SAME_ERROR_AT_START} trials failed with the same error`,
        error,
      };
    }
    const failed = this.#failed - forgiven;
    if (budget.maxFailed !== null && failed > budget.maxFailed) {
      return {
        state: 'failed',
        reason: `${failed} trials failed; budget.max_failed is ${budget.maxFailed}`,
        limit: 'budget.max_failed',
      };
    }
    if (budget.wallclockMs !== null && wallSeconds * 1000 >= budget.wallclockMs) {
      return {
        state: 'complete',
        reason: `budget.wallclock of ${budget.wallclockMs / 1000} s is used up`,
        limit: 'budget.wallclock',
      };
    }
    if (budget.gpuHours !== null && gpuSeconds >= budget.gpuHours * 3600) {
      return {
        state: 'complete',
        reason: `budget.gpu_hours of ${budget.gpuHours} is used up`,
        limit: 'budget.gpu_hours',
      };
    }
    return null;
  }

  #whatWasReached(trial: FinishedTrial): string {
    const [first] = this.#targets;
    if (this.#targets.length === 1) {
      return `${first!.name} reached its target: ${this.#valueOf(trial, first!)} (target ${first!.target})`;
    }
    const each = this.#targets.map((metric) => `${metric.name} ${this.#valueOf(trial, metric)}`);
    return `one trial reached all targets: ${each.join(', ')}`;
  }

  #valueOf({ value, values = null }: FinishedTrial, { name }: MetricConfig): number | null {
    return metricValue({ value, values }, this.#config, name);
  }

  #sameErrorAtStart(): TrialError | null {
    const [first] = this.#first;
    if (this.#first.length < SAME_ERROR_AT_START || !first?.error) return null;
    const { error } = first;
    // That is of the parameters, not of the trainer: the search has to see it to keep away from it.
    if (error.kind === 'diverged') return null;
    return this.#first.every(
      (trial) =>
        trial.error?.kind === error.kind &&
        failureSignature(trial.error.message) === failureSignature(error.message),
    )
      ? error
      : null;
  }
}

/** Complete and failed trials, without those that were tried again. */
export function countedTrials(store: Store, sweep: string): TrialRow[] {
  const retried = store.retried(sweep);
  return store.trials(sweep, { states: ['complete', 'failed'] }).filter(({ number }) => !retried.has(number));
}

function reaches(value: number | null, { target, goal }: MetricConfig): boolean {
  if (value === null || target === null) return false;
  return goal === 'maximize' ? value >= target : value <= target;
}
