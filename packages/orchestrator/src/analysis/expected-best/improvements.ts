import type { Rng } from '../../study/rng.ts';
import { type LowerTail, meanBelow } from './lower-tail.ts';

/** What the later half of a search has added to its best. */
export interface RecentImprovements {
  /** How often the best changed. */
  readonly count: number;
  /** By how much in all, in the unit of the loss. */
  readonly gained: number;
  /** ln of the number of trials over that at which the half began. */
  readonly logTime: number;
}

/** @param losses in the order in which trials ended, at least 2; infinite ones (no result) are allowed */
export function recentImprovements(losses: readonly number[]): RecentImprovements {
  const from = Math.floor(losses.length / 2);
  let best = losses.slice(0, from).reduce((low, loss) => Math.min(low, loss), Number.POSITIVE_INFINITY);
  let [count, gained] = [0, 0];
  for (const loss of losses.slice(from)) {
    if (!(loss < best)) continue;
    // The first result of all is no improvement on anything.
    if (best < Number.POSITIVE_INFINITY) {
      count++;
      gained += best - loss;
    }
    best = loss;
  }
  return { count, gained, logTime: Math.log(losses.length / from) };
}

/** Of the best after some more trials, as a gain on the best now. */
export interface ForetoldGain {
  readonly mean: number;
  /** The gain stays below this in 9 of 10 searches. */
  readonly most: number;
  /** Probability of any gain. */
  readonly improves: number;
}

/**
 * Improvements by independent draws come once per unit of ln(trials), whatever the distribution (Rényi 1962); what learns
 * is thought to improve twice as often, until it is seen.
 */
const PRIOR = { improvements: 2, logTime: 1 };
const DRAWS = 2_000;
/** Of the model's own draws: in the backtest of docs/analysis.md 9 of 10 searches gained less. */
const HIGH = 0.98;

/**
 * The gain of a search that goes on improving as it did of late: how often in ln(trials), and by how much each time. The
 * rate has a gamma posterior, hence the number of improvements a negative binomial distribution; sizes are exponential
 * with an inverse-gamma posterior of their mean, to which the tail of the recent losses adds one improvement on the best.
 *
 * @param tail of the recent losses
 * @param best the lowest loss so far
 * @param growth trials then over trials now, above 1
 */
export function foretellGain(
  { count, gained, logTime }: RecentImprovements,
  tail: LowerTail,
  best: number,
  growth: number,
  rng: Rng,
): ForetoldGain {
  const shape = count + PRIOR.improvements;
  const time = Math.log(growth) / (logTime + PRIOR.logTime);
  const size = gained + meanBelow(tail, best);
  const gains = Float64Array.from({ length: DRAWS }, () => {
    const improvements = poisson(gamma(shape, rng) * time, rng);
    return improvements === 0 ? 0 : (size * gamma(improvements, rng)) / gamma(count + 2, rng);
  }).sort();
  return {
    mean: (shape * time * size) / (count + 1),
    most: gains[Math.ceil(HIGH * DRAWS) - 1]!,
    improves: 1 - (1 + time) ** -shape,
  };
}

/** @param shape a whole number, at least 1: the sum of so many exponential draws */
function gamma(shape: number, rng: Rng): number {
  let sum = 0;
  for (let i = 0; i < shape; i++) sum -= Math.log1p(-rng.next());
  return sum;
}

/** How many exponential waits fit into `mean`. */
function poisson(mean: number, rng: Rng): number {
  let count = -1;
  for (let waited = 0; waited <= mean; count++) waited -= Math.log1p(-rng.next());
  return count;
}
