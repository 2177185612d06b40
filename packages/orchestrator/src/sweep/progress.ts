import type { SweepRow, TrialCounts } from '../store/types.ts';
import type { FinishedNow } from './aftermath.ts';
import type { OpenTrials } from './open-trials.ts';

/** Where a sweep stands, for people. */
export interface Snapshot {
  readonly counts: TrialCounts;
  /** Finished and unfinished together; null while nobody knows. */
  readonly total: number | null;
  readonly running: ReadonlyArray<{
    readonly number: number;
    readonly step: number;
    readonly worker: string | null;
  }>;
  readonly best: { readonly number: number; readonly value: number } | null;
  readonly slots: number;
  readonly backend: string;
  readonly elapsedSeconds: number;
  readonly trialsPerSecond: number;
  /** null until enough is known to guess, and where the number of trials is unknown. */
  readonly etaSeconds: number | null;
}

/** Counts as the sweep goes, without asking SQLite. */
export class Progress {
  readonly #wallBefore: number;
  readonly #startedAt = performance.now();
  readonly #maxStep: number | null;
  /** Starting runners is no part of the pace. */
  #trainingSince: number | null = null;
  #stepsNow = 0;
  /** Time on hold is no part of the sweep's. */
  #pausedSince: number | null = null;
  #pausedMs = 0;
  readonly #finished: Record<'complete' | 'pruned' | 'failed' | 'stopped', number>;
  #finishedNow = 0;

  constructor(sweep: SweepRow) {
    const { complete, pruned, failed, stopped } = sweep.counts;
    this.#wallBefore = sweep.wallSeconds;
    this.#maxStep = sweep.config.fidelity?.max ?? null;
    this.#finished = { complete, pruned, failed, stopped };
  }

  finished(trial: FinishedNow): void {
    this.#finished[trial.state] += 1;
    this.#finishedNow += 1;
    this.#stepsNow += trial.step;
  }

  /** Complete trials, over all lives of the sweep. */
  get complete(): number {
    return this.#finished.complete;
  }

  setPaused(isPaused: boolean): void {
    const now = performance.now();
    if (this.#pausedSince !== null) this.#pausedMs += now - this.#pausedSince;
    this.#pausedSince = isPaused ? now : null;
  }

  /** Over all lives of the sweep, without the time that it was paused. */
  wallSeconds(): number {
    return this.#wallBefore + this.#elapsed();
  }

  snapshot(now: {
    trials: OpenTrials;
    slots: number;
    backend: string;
    remaining: number | null;
    best: Snapshot['best'];
  }): Snapshot {
    const running = now.trials.in('running');
    const queued = now.trials.in('queued').length;
    const paused = now.trials.in('paused').length;
    const unfinished = now.remaining === null ? null : now.remaining + queued + running.length;
    const done = Object.values(this.#finished).reduce((sum, count) => sum + count, 0);
    const elapsed = this.#elapsed();
    if (running.length > 0) this.#trainingSince ??= performance.now();
    const rate = this.#finishedNow / Math.max(elapsed, 1e-3);
    return {
      counts: { queued, running: running.length, paused, ...this.#finished },
      total: unfinished === null ? null : done + unfinished + paused,
      running: running.map(({ number, step, worker }) => ({ number, step, worker })),
      best: now.best,
      slots: now.slots,
      backend: now.backend,
      elapsedSeconds: elapsed,
      trialsPerSecond: rate,
      etaSeconds: unfinished === null ? null : this.#eta(unfinished, running),
    };
  }

  /** Counts what running trials have done already: with few, long trials nothing else is known for long. */
  #eta(unfinished: number, running: ReadonlyArray<{ readonly step: number }>): number | null {
    const stepsOfOne = this.#stepsNow > 0 ? this.#stepsNow / this.#finishedNow : this.#maxStep;
    const started =
      stepsOfOne === null ? 0 : running.reduce((sum, { step }) => sum + Math.min(1, step / stepsOfOne), 0);
    const done = this.#finishedNow + started;
    if (done === 0 || this.#trainingSince === null) return null;
    const seconds = (performance.now() - this.#trainingSince) / 1000;
    return ((unfinished - started) * seconds) / done;
  }

  #elapsed(): number {
    const now = performance.now();
    const paused = this.#pausedMs + (this.#pausedSince === null ? 0 : now - this.#pausedSince);
    return (now - this.#startedAt - paused) / 1000;
  }
}
