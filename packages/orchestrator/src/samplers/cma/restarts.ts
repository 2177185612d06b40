import { createRng } from '../../study/rng.ts';
import { deviation, type Gaussian } from './gaussian.ts';

export type RestartStrategy = 'ipop' | 'bipop' | 'none';

/** One run of CMA-ES between two restarts. */
export interface Run {
  /** 0 for the first. */
  readonly index: number;
  readonly populationSize: number;
  readonly sigma: number;
  readonly regime: 'large' | 'small';
  /** Runs with a doubled population so far. */
  readonly doublings: number;
  /** Trials spent in each regime before this run (BIPOP). */
  readonly spent: Readonly<Record<'large' | 'small', number>>;
}

export function firstRun(populationSize: number, sigma: number): Run {
  return { index: 0, populationSize, sigma, regime: 'large', doublings: 0, spent: { large: 0, small: 0 } };
}

/**
 * IPOP (Auger & Hansen 2005): each run has twice the population of the one before. BIPOP (Hansen 2009): runs with a small
 * population and a small step take turns with those, so that both spend alike.
 *
 * @param trials that the ended run took.
 */
export function nextRun(
  ended: Run,
  trials: number,
  strategy: RestartStrategy,
  first: Run,
  seed: number,
): Run {
  const index = ended.index + 1;
  const spent = { ...ended.spent, [ended.regime]: ended.spent[ended.regime] + trials };
  // The first run counts for neither (Hansen 2009, section 2).
  if (ended.index === 0) spent.large = 0;
  const small = strategy === 'bipop' && ended.index > 0 && spent.small < spent.large;
  if (!small) {
    const doublings = ended.doublings + 1;
    const populationSize = first.populationSize * 2 ** doublings;
    return { index, populationSize, sigma: first.sigma, regime: 'large', doublings, spent };
  }
  const rng = createRng(seed, index, 'cmaes small run');
  const large = first.populationSize * 2 ** ended.doublings;
  return {
    index,
    populationSize: Math.floor(
      first.populationSize * (0.5 * (large / first.populationSize)) ** (rng.next() ** 2),
    ),
    sigma: first.sigma * 10 ** (-2 * rng.next()),
    regime: 'small',
    doublings: ended.doublings,
    spent,
  };
}

/** A millionth of a parameter's range is nothing to a model. */
const SMALLEST_STEP = 1e-6;
const LARGEST_CONDITION = 1e14;

/** How many generations must show no difference at all before a run is given up (Hansen 2009, section 2). */
export function flatGenerations(dimension: number, populationSize: number): number {
  return 10 + Math.ceil((30 * Math.max(1, dimension)) / populationSize);
}

/**
 * Whether a run has come to its end (Hansen 2009, section 2): it no longer moves, its losses are all the same, or its
 * covariance matrix is degenerate.
 *
 * @param bests the best loss of each of the last generations, `flatGenerations` of them once there are as many.
 * @param worst the worst loss of the last one.
 */
export function isOver(
  gaussian: Gaussian,
  populationSize: number,
  bests: readonly number[],
  worst: number,
): boolean {
  const n = gaussian.mean.length;
  const isFlat = worst === bests[0] && bests.every((best) => best === worst);
  if (isFlat && bests.length >= flatGenerations(n, populationSize)) return true;
  if (n === 0) return false;
  const values = gaussian.eigen.values;
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  const least = values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  if (largest > LARGEST_CONDITION * least) return true;
  return gaussian.mean.every((_, j) => deviation(gaussian, j) < SMALLEST_STEP);
}
