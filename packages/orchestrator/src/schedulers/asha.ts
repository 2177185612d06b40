import { crossTheRest, Rung, rungsFrom } from './rungs.ts';
import type { LossReport, Scheduler } from './scheduler.ts';
import { OpenLosses } from './trial-losses.ts';

export interface AshaOptions {
  readonly minIter: number;
  /** Steps of a whole trial, where nothing is left to stop; null: unknown. */
  readonly maxIter: number | null;
  readonly eta: number;
  /**
   * Judges at every report by the latest rung, not only where one is crossed: for whoever listens only now and then.
   * @default false
   */
  readonly everyReport?: boolean;
}

/**
 * Asynchronous successive halving in its stopping form (L. Li et al., "A System for Massively Parallel Hyperparameter
 * Tuning", MLSys 2020, section 3): a trial that crosses a rung goes on if it is among the best 1/eta of all that have
 * crossed it so far. Fewer than eta trials make no such part, so the first ones go on.
 * @param name begins the reasons.
 */
export function createAsha(
  { minIter, maxIter, eta, everyReport = false }: AshaOptions,
  name = 'asha',
): Scheduler {
  const end = maxIter ?? Number.POSITIVE_INFINITY;
  const rungs = rungsFrom(minIter, end, eta)
    .filter((step) => step < end)
    .map((step) => new Rung(step));
  const open = new OpenLosses();

  function onReport({ number, step, loss }: LossReport): string | null {
    open.record(number, step, loss);
    let latest: Rung | null = null;
    for (const rung of rungs) {
      if (rung.step > step) break;
      if (rung.cross(number, step, loss) || everyReport) latest = rung;
    }
    if (latest === null || step >= end) return null;
    const { losses } = latest;
    const judged = latest.lossOf(number)!;
    const places = Math.floor(losses.size / eta);
    if (places === 0 || judged <= losses.at(places - 1)) return null;
    return `${name}: place ${losses.countBelow(judged) + 1} of ${losses.size} at step ${latest.step}, where the best ${places} go on`;
  }

  return {
    name,
    onReport,
    onEnd: (number, state) => {
      const trial = open.close(number);
      if (state === 'complete' && trial !== undefined) crossTheRest(rungs, number, trial.last);
    },
  };
}
