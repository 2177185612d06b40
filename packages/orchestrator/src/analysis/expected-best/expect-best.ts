import type { TrialRow } from '../../store/types.ts';
import { createRng, type Rng } from '../../study/rng.ts';
import { endedTrials, lossOf } from '../comparison/ended-trials.ts';
import { quantileOf } from '../comparison/spread-of-mean.ts';
import { foretellGain, recentImprovements } from './improvements.ts';
import { fitLowerTail, type LowerTail, probabilityBelow, quantileBelow } from './lower-tail.ts';

export type ExpectedBest =
  | {
      readonly kind: 'estimate';
      /** Trials more than there are. */
      readonly more: number;
      /** The best value now. */
      readonly best: number;
      /** The mean of the best value then; never worse than now. */
      readonly expected: number;
      /** The best value then lies between these with 90 % probability; of a sampler that learns, one of them is the best. */
      readonly low: number;
      readonly high: number;
      /** That any of them is better than the best now. */
      readonly improves: number;
      /** What the estimate goes by: all trials, or the last of a sampler that learns. */
      readonly basis: 'all' | 'recent';
      /** How many those are. */
      readonly trials: number;
    }
  /** For people: why nothing can be said. */
  | { readonly kind: 'unknown'; readonly reason: string };

export interface ExpectBestOptions {
  readonly goal: 'minimize' | 'maximize';
  /** Trials more, at least 1. */
  readonly more: number;
  /** Whether trials were drawn independently (random, sobol) or by a sampler that learns. */
  readonly sampler: 'independent' | 'adaptive' | 'exhaustive';
  /** Of the bootstrap. @default 0 */
  readonly seed?: number;
}

/** Finite results that the tail is fitted to: fewer say nothing about it. */
export const LEAST_TRIALS_FOR_EXPECTED_BEST = 20;
const RESAMPLES = 200;
const INTEGRATION_STEPS = 400;

/**
 * The best value after `more` further trials, from the lower tail of the losses so far, which is fitted by a generalised
 * Pareto distribution (lower-tail.ts).
 *
 * - Independent draws (random, sobol): the next trials are drawn from the distribution of all so far. The mean of the best
 *   follows by integration, its 90 % interval from a bootstrap of the fit and one draw of the future for each. That one
 *   of them beats the best is more/(n + more) whatever the distribution, since any of n + more exchangeable trials may
 *   be the best.
 * - A sampler that learns: it goes on improving as in its last half (improvements.ts). The interval ends at the best so
 *   far, since results do not show whether the search has converged.
 *
 * docs/analysis.md has a backtest of both. It says nothing (`unknown`) of grids, of fewer than 20 results, and where the
 * best results are all equal.
 */
export function expectBest(trials: readonly TrialRow[], options: ExpectBestOptions): ExpectedBest {
  const { goal, more, sampler, seed = 0 } = options;
  if (sampler === 'exhaustive') return unknown('a grid is tried to its end, which more trials would leave');
  const all = endedTrials(trials).map((trial) => lossOf(trial, goal));
  const losses = sampler === 'independent' ? all : recent(all);
  const results = losses.filter(Number.isFinite).length;
  if (results < LEAST_TRIALS_FOR_EXPECTED_BEST) {
    return unknown(`it takes ${LEAST_TRIALS_FOR_EXPECTED_BEST} results, and there are ${results}`);
  }
  const best = all.reduce((low, loss) => Math.min(low, loss), Number.POSITIVE_INFINITY);
  const tail = fitLowerTail(Float64Array.from(losses).sort());
  if (tail === null || !Number.isFinite(best)) return unknown('the best results are all equal');
  const rng = createRng(seed, more, 'expected best');
  const { expected, interval, improves } =
    sampler === 'independent'
      ? byDraws(losses, tail, best, more, rng)
      : byImprovements(all, tail, best, more, rng);
  const sign = goal === 'minimize' ? 1 : -1;
  const ends = interval.map((loss) => sign * loss);
  return {
    kind: 'estimate',
    more,
    best: sign * best,
    expected: sign * expected,
    low: Math.min(...ends),
    high: Math.max(...ends),
    improves,
    basis: sampler === 'independent' ? 'all' : 'recent',
    trials: losses.length,
  };
}

/** All in losses. */
interface Foretold {
  readonly expected: number;
  readonly interval: readonly [number, number];
  readonly improves: number;
}

function byDraws(losses: readonly number[], tail: LowerTail, best: number, more: number, rng: Rng): Foretold {
  const drawn = futures(losses, best, more, rng);
  return {
    expected: expectedLowest(tail, best, more),
    interval: [quantileOf(drawn, 0.05), quantileOf(drawn, 0.95)],
    improves: more / (losses.length + more),
  };
}

function byImprovements(
  losses: readonly number[],
  tail: LowerTail,
  best: number,
  more: number,
  rng: Rng,
): Foretold {
  const growth = 1 + more / losses.length;
  const { mean, most, improves } = foretellGain(recentImprovements(losses), tail, best, growth, rng);
  return { expected: best - mean, interval: [best - most, best], improves };
}

/** How the trials of a sampler follow from each other, by its name in the sweep file. */
export function samplerKind(method: string, type: string): ExpectBestOptions['sampler'] {
  if (type === 'grid' || (type === 'auto' && method === 'grid')) return 'exhaustive';
  return type === 'random' || type === 'sobol' ? 'independent' : 'adaptive';
}

function recent(losses: readonly number[]): readonly number[] {
  return losses.slice(-Math.max(LEAST_TRIALS_FOR_EXPECTED_BEST, Math.ceil(losses.length / 2)));
}

function unknown(reason: string): ExpectedBest {
  return { kind: 'unknown', reason };
}

/** E[min(best, lowest of n)] = best − ∫ P(lowest of n < x) dx over x below the best. */
function expectedLowest(tail: LowerTail, best: number, n: number): number {
  const from = Math.min(best, tail.threshold);
  // In steps of equal probability on a logarithmic scale: the integrand changes where n · P does.
  const highest = Math.log(probabilityBelow(tail, from));
  const lowest = highest - 30 - Math.log(n);
  let gain = 0;
  let x = from;
  let p = probabilityBelow(tail, from);
  for (let step = 1; step <= INTEGRATION_STEPS && p > 0; step++) {
    const nextP = Math.exp(highest + ((lowest - highest) * step) / INTEGRATION_STEPS);
    const nextX = quantileBelow(tail, nextP);
    gain += 0.5 * (atLeastOne(p, n) + atLeastOne(nextP, n)) * (x - nextX);
    x = nextX;
    p = nextP;
  }
  return from - gain;
}

/** 1 − (1 − p)^n, without loss of digits for small p. */
function atLeastOne(p: number, n: number): number {
  return -Math.expm1(n * Math.log1p(-p));
}

/** The best loss then, once for each bootstrap of the trials; ascending. */
function futures(losses: readonly number[], best: number, more: number, rng: Rng): Float64Array {
  const drawn = new Float64Array(RESAMPLES);
  for (let k = 0; k < RESAMPLES; k++) {
    const sample = Float64Array.from(losses, () => losses[rng.int(losses.length)]!).sort();
    const tail = sample[0]! < Number.POSITIVE_INFINITY ? fitLowerTail(sample) : null;
    // The lowest of n uniform draws is 1 - u^(1/n).
    const p = -Math.expm1(Math.log(1 - rng.next()) / more);
    const lowest = tail === null || p >= tail.mass || p === 0 ? best : quantileBelow(tail, p);
    drawn[k] = Math.min(best, lowest);
  }
  return drawn.sort();
}
