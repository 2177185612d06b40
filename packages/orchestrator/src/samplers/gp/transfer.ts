import type { TransferTask } from '../sampler.ts';
import type { Encoding } from './encoding.ts';
import type { Observation } from './training-data.ts';

/** Trials of earlier tasks in all, of which a third are the best ones. */
const MOST = 120;

/**
 * Earlier tasks as observations. Each has a column of its own that is 1 on its points and 0 elsewhere: the length scale
 * along it says how much the task is like this one, and is learned (the intrinsic model of coregionalisation, Swersky,
 * Snoek and Adams, "Multi-Task Bayesian Optimization", NeurIPS 2013, in the form of one distance per task).
 */
export function encodeTasks(encoding: Encoding, transfer: readonly TransferTask[]): Observation[] {
  const most = Math.floor(MOST / Math.max(1, transfer.length));
  return transfer.flatMap((task, k) =>
    spread(usable(task, encoding), most).map(({ params, loss }): Observation => {
      const point = encoding.encode(params);
      point[encoding.tasks[k]!] = 1;
      return { number: -1, point, loss, source: k };
    }),
  );
}

/** Trials with a result that have at least one parameter of this sweep. */
export function usable({ trials }: TransferTask, { columns }: Encoding): TransferTask['trials'] {
  return trials.filter(
    ({ params, loss }) =>
      Number.isFinite(loss) && columns.some(({ parameter }) => Object.hasOwn(params, parameter.name)),
  );
}

function spread(trials: TransferTask['trials'], most: number): TransferTask['trials'] {
  if (trials.length <= most) return trials;
  const ranked = [...trials].sort((a, b) => a.loss - b.loss);
  const best = Math.floor(most / 3);
  const rest = ranked.length - best;
  const places = most - best;
  return ranked.filter(
    (_, i) =>
      i < best || Math.floor(((i - best) * places) / rest) !== Math.floor(((i - best - 1) * places) / rest),
  );
}
