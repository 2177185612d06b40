import type { AshaOptions } from './asha.ts';
import { type RankedTrial, RankedTrials } from './ranked-trials.ts';
import { rungsFrom } from './rungs.ts';
import type { LossReport, Promotion, Scheduler } from './scheduler.ts';

export interface AshaPromotionOptions extends AshaOptions {
  readonly maxIter: number;
}

/**
 * Asynchronous successive halving as it was first written down (L. Li et al., "A System for Massively Parallel
 * Hyperparameter Tuning", MLSys 2020, Algorithm 2): every trial pauses at its rung; whenever a worker is free, the
 * best that waits in the highest rung in which it is among the best 1/eta goes on to the next, and only where there is
 * none a new trial starts in the lowest. Equal losses stand in the order of their numbers.
 */
export function createAshaPromotion({ minIter, maxIter, eta }: AshaPromotionOptions): Scheduler {
  const rungs = rungsFrom(minIter, maxIter, eta)
    .filter((step) => step < maxIter)
    .map((step) => new WaitingRung(step));
  /** The rung that a trial trains to, by index; past the last: to its end. */
  const heading = new Map<number, number>();
  const last = new Map<number, LossReport>();

  function rungOf(number: number): WaitingRung | undefined {
    return rungs[heading.get(number) ?? 0];
  }

  function onReport(report: LossReport): null {
    last.set(report.number, report);
    for (const rung of rungs) if (rung.step <= report.step) rung.cross(report);
    return null;
  }

  const promotion: Promotion = {
    goal: (number) => rungOf(number)?.step ?? null,

    pause(number) {
      // Whoever trained past its rung waits at the highest one that it has crossed.
      const reached = rungs.findLastIndex((rung) => rung.has(number));
      if (reached === -1) return;
      heading.set(number, Math.max(reached, heading.get(number) ?? 0));
      rungOf(number)!.wait(number);
    },

    next(isLast) {
      for (const rung of rungs.toReversed()) {
        const promotable = rung.promotable(eta);
        if (promotable !== null) return promotable;
      }
      if (!isLast) return null;
      return rungs.findLast((rung) => rung.firstWaiting !== null)?.firstWaiting ?? null;
    },

    resume(number) {
      rungOf(number)?.leave(number);
      heading.set(number, (heading.get(number) ?? 0) + 1);
    },
  };

  return {
    name: 'asha',
    onReport,
    onEnd: (number, state) => {
      const report = last.get(number);
      for (const rung of rungs) {
        rung.leave(number);
        // A trial that ended by itself counts in the rungs that it did not reach, with its last loss.
        if (state === 'complete' && report !== undefined && !rung.has(number))
          rung.cross({ ...report, step: Number.MAX_SAFE_INTEGER });
      }
      heading.delete(number);
      last.delete(number);
    },
    promotion,
  };
}

/** What the trials of one rung measured there, and which of them wait in it. */
class WaitingRung {
  readonly step: number;
  readonly #reports = new Map<number, LossReport>();
  readonly #all = new RankedTrials();
  readonly #waiting = new RankedTrials();

  constructor(step: number) {
    this.step = step;
  }

  has(number: number): boolean {
    return this.#reports.has(number);
  }

  /** The first report at or behind the rung counts; one of an earlier or the same step (a new attempt) replaces it. */
  cross(report: LossReport): void {
    const before = this.#reports.get(report.number);
    if (before !== undefined) {
      if (before.step < report.step) return;
      this.#all.remove(before);
    }
    this.#reports.set(report.number, report);
    this.#all.add(report);
  }

  wait(number: number): void {
    this.#waiting.add(this.#reports.get(number)!);
  }

  leave(number: number): void {
    const report = this.#reports.get(number);
    if (report !== undefined) this.#waiting.remove(report);
  }

  get firstWaiting(): number | null {
    return this.#waiting.first()?.number ?? null;
  }

  /** The best that waits, if it is among the best floor(n / eta). */
  promotable(eta: number): number | null {
    const best: RankedTrial | undefined = this.#waiting.first();
    if (best === undefined) return null;
    return this.#all.countBefore(best) < Math.floor(this.#all.size / eta) ? best.number : null;
  }
}
