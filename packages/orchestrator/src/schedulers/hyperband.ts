import { crossTheRest, Rung, rungsBelow, rungsFrom } from './rungs.ts';
import type { LossReport, Scheduler } from './scheduler.ts';
import { OpenLosses } from './trial-losses.ts';

export interface HyperbandOptions {
  readonly minIter: number;
  /** Steps of a whole trial; null: unknown. */
  readonly maxIter: number | null;
  readonly eta: number;
  /** Number of rungs counted down from `maxIter`; null: all from `minIter` up. */
  readonly s: number | null;
  readonly strict: boolean;
}

/** The steps at which trials are judged; what W&B calls brackets. */
export function hyperbandRungs({ minIter, maxIter, eta, s }: HyperbandOptions): number[] {
  if (s !== null && maxIter !== null) return rungsBelow(maxIter, minIter, eta, s);
  return rungsFrom(minIter, maxIter ?? Number.POSITIVE_INFINITY, eta);
}

/**
 * `early_terminate: {type: hyperband}` as W&B does it (`hyperband_stop_runs` in github.com/wandb/sweeps): from the
 * latest rung on, a trial stops at any report by which its best loss is worse than the best 1/eta of what was measured
 * at that rung. `strict` compares what the trial itself measured there, not its best since.
 */
export function createHyperband(options: HyperbandOptions): Scheduler {
  const end = options.maxIter ?? Number.POSITIVE_INFINITY;
  const rungs = hyperbandRungs(options).map((step) => new Rung(step));
  const open = new OpenLosses();

  function onReport({ number, step, loss }: LossReport): string | null {
    const trial = open.record(number, step, loss);
    let latest: Rung | null = null;
    for (const rung of rungs) {
      if (rung.step > step) break;
      rung.cross(number, step, loss);
      latest = rung;
    }
    if (latest === null || step >= end) return null;
    const { losses } = latest;
    const places = Math.floor(losses.size / options.eta);
    const judged = options.strict ? latest.lossOf(number)! : trial.best;
    if (judged <= losses.at(places)) return null;
    return `hyperband: worse at step ${latest.step} than ${losses.countBelow(judged)} of ${losses.size} trials (eta ${options.eta})`;
  }

  return {
    name: 'hyperband',
    onReport,
    onEnd: (number, state) => {
      const trial = open.close(number);
      if (state === 'complete' && trial !== undefined) crossTheRest(rungs, number, trial.last);
    },
  };
}
