import type { ObservedTrial } from '../samplers/sampler.ts';
import type { Scheduler } from '../schedulers/scheduler.ts';
import type { TrialRecord } from './trial-record.ts';

/** What samplers may see in ordered mode: trials as they finished up to a number, the rest as running, unmeasured. */
export class OrderedHistory {
  readonly visible: ObservedTrial[] = [];
  /** Trials below this number are shown as they finished. */
  #shown = 0;

  open({ number, params }: TrialRecord): void {
    this.visible.push({
      number,
      params,
      state: 'running',
      loss: null,
      losses: null,
      violations: null,
      curve: [],
      step: 0,
    });
  }

  /** @param end number of the first trial that stays hidden. */
  show(history: readonly ObservedTrial[], end: number): readonly ObservedTrial[] {
    for (; this.#shown < end; this.#shown++) this.visible[this.#shown] = history[this.#shown]!;
    return this.visible;
  }
}

/**
 * Schedulers whose judgement of trial n follows from its own reports and from trials 0..n-lag, each taken in whole once
 * it is finished, and so not from timing. Trial n is judged by the scheduler n mod lag, which sees its trials live, one
 * after the other, and all trials between them before the next one opens.
 */
export class OrderedScheduler {
  readonly #lag: number;
  readonly #create: () => Scheduler;
  readonly #trials: readonly TrialRecord[];
  readonly #judged: number;
  readonly #judges: Array<{ readonly scheduler: Scheduler; fed: number }> = [];

  /** @param judged index of the metric that the schedulers judge. */
  constructor(lag: number, create: () => Scheduler, trials: readonly TrialRecord[], judged: number) {
    this.#lag = lag;
    this.#create = create;
    this.#trials = trials;
    this.#judged = judged;
  }

  open(number: number): void {
    const index = number % this.#lag;
    this.#judges[index] ??= { scheduler: this.#create(), fed: 0 };
    const judge = this.#judges[index];
    for (; judge.fed <= number - this.#lag; judge.fed++) {
      const trial = this.#trials[judge.fed]!;
      // Its own trials it has seen already.
      if (judge.fed % this.#lag === index || trial.state === 'running' || trial.state === 'paused') continue;
      for (const { step, loss } of trial.curveOf(this.#judged))
        judge.scheduler.onReport({ number: trial.number, step, loss });
      judge.scheduler.onEnd(trial.number, trial.state, trial.lossOf(this.#judged) ?? undefined);
    }
  }

  of(number: number): Scheduler {
    return this.#judges[number % this.#lag]!.scheduler;
  }
}
