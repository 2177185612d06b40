import type { Params } from '../../space/types.ts';
import type { TransferTask } from '../sampler.ts';

/**
 * The best settings of earlier tasks: a share of each task's trials, at least one, in turn the best of each task, the
 * second best and so on. Losses are compared within a task only, because each has a scale of its own.
 *
 * @param share above 0, at most 1.
 */
export function bestOfEarlier(tasks: readonly TransferTask[], share: number): Params[] {
  const ranked = tasks.map(({ trials }) => {
    const known = trials.filter(({ loss }) => loss < Number.POSITIVE_INFINITY);
    return known.sort((a, b) => a.loss - b.loss).slice(0, Math.ceil(share * known.length));
  });
  const longest = ranked.reduce((most, trials) => Math.max(most, trials.length), 0);
  const best: Params[] = [];
  for (let k = 0; k < longest; k++)
    for (const trials of ranked) if (k < trials.length) best.push(trials[k]!.params);
  return best;
}
