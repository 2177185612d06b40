import type { LossReport, Scheduler } from './scheduler.ts';

export interface PatienceOptions {
  /** Reports in a row without an improvement, at least 1. */
  readonly patience: number;
  /** An improvement is a loss that lies more than this below the best before it; at least 0. */
  readonly minDelta: number;
}

/**
 * Stops a trial whose last `patience` reports brought no improvement: early stopping as in L. Prechelt, "Early Stopping
 * – But When?", 1998, the UP criterion's simplest relative.
 *
 * @param wrapped asked about every report; what it says counts only where patience is out (Optuna's `PatientPruner`).
 *   null: the trial stops then.
 */
export function createPatience(
  { patience, minDelta }: PatienceOptions,
  wrapped: Scheduler | null,
): Scheduler {
  const open = new Map<number, Streak>();

  function onReport(report: LossReport): string | null {
    const { number, step, loss } = report;
    let streak = open.get(number);
    if (streak === undefined) {
      streak = new Streak(minDelta);
      open.set(number, streak);
    }
    streak.add(step, loss);
    const verdict = wrapped?.onReport(report) ?? null;
    if (streak.length < patience) return null;
    if (wrapped !== null) return verdict;
    return `patience: no improvement in ${streak.length} reports, up to step ${step}`;
  }

  return {
    name: 'patience',
    onReport,
    onEnd: (number, state, loss) => {
      open.delete(number);
      wrapped?.onEnd(number, state, loss);
    },
  };
}

/** How many reports in a row have not improved on the best before them. */
class Streak {
  readonly #minDelta: number;
  readonly #reports: LossAtStep[] = [];
  #best = Number.POSITIVE_INFINITY;
  length = 0;

  constructor(minDelta: number) {
    this.#minDelta = minDelta;
  }

  add(step: number, loss: number): void {
    const last = this.#reports.at(-1);
    if (last !== undefined && last.step >= step) this.#goBackTo(step);
    this.#reports.push({ step, loss });
    this.#count(loss);
  }

  /** A new attempt, or a correction: what was reported from that step on is void. */
  #goBackTo(step: number): void {
    const kept = this.#reports.filter((report) => report.step < step);
    this.#reports.length = 0;
    this.#best = Number.POSITIVE_INFINITY;
    this.length = 0;
    for (const report of kept) {
      this.#reports.push(report);
      this.#count(report.loss);
    }
  }

  #count(loss: number): void {
    const isFirst = this.#reports.length === 1;
    if (isFirst || loss < this.#best - this.#minDelta) {
      this.#best = loss;
      this.length = 0;
    } else {
      this.length += 1;
    }
  }
}

interface LossAtStep {
  readonly step: number;
  readonly loss: number;
}
