import type { Rng } from '../../study/rng.ts';
import type { ComparedSweep } from './compare-groups.ts';
import { endedTrials, lossOf } from './ended-trials.ts';
import { type Effort, searchCurve } from './search-curve.ts';
import { quantileOf } from './spread-of-mean.ts';

/** What random halves of the trials of two single sweeps say. */
export interface Halves {
  /** Trials in a half of each. */
  readonly trials: readonly [number, number];
  /** The share of draws in which the best of the first's half is better than that of the second's; ties count half. */
  readonly firstIsBetter: number;
  /** The middle 95 % of the differences of the two bests, first minus second. */
  readonly interval: readonly [number, number];
}

const DRAWS = 2_000;

/**
 * How much hangs on single trials: halves of both sweeps' trials (up to the budget) are drawn without replacement,
 * 2,000 times, and their bests compared (an m-out-of-n bootstrap; the plain one is not consistent for a minimum, Bickel &
 * Freedman 1981). It treats trials as independent, which they are not for a sampler that learns, and says nothing of
 * what another seed would do.
 * @returns null where a half would have no complete trial to show
 */
export function comparedHalves(
  first: ComparedSweep,
  second: ComparedSweep,
  { goal, by, at }: { goal: 'minimize' | 'maximize'; by: Effort; at: number },
  rng: Rng,
): Halves | null {
  const sign = goal === 'minimize' ? 1 : -1;
  const losses = [first, second].map(({ trials }) => lossesWithin(trials, goal, by, at));
  const [a, b] = [losses[0]!, losses[1]!];
  const [halfOfA, halfOfB] = [Math.ceil(a.length / 2), Math.ceil(b.length / 2)];
  const differences: number[] = [];
  let wins = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const [bestOfA, bestOfB] = [bestOfHalf(a, halfOfA, rng), bestOfHalf(b, halfOfB, rng)];
    if (bestOfA < bestOfB) wins++;
    else if (bestOfA === bestOfB) wins += 0.5;
    // Without a complete trial in a half there is no difference to speak of.
    if (Number.isFinite(bestOfA) && Number.isFinite(bestOfB)) differences.push(sign * (bestOfA - bestOfB));
  }
  if (differences.length < DRAWS / 2) return null;
  const ascending = Float64Array.from(differences).sort();
  return {
    trials: [halfOfA, halfOfB],
    firstIsBetter: wins / DRAWS,
    interval: [quantileOf(ascending, 0.025), quantileOf(ascending, 0.975)],
  };
}

/** One per finished trial within the budget; infinite where it has no result. */
function lossesWithin(
  trials: ComparedSweep['trials'],
  goal: 'minimize' | 'maximize',
  by: Effort,
  at: number,
): number[] {
  const count = searchCurve(trials, goal).filter((point) => point[by] <= at).length;
  return endedTrials(trials)
    .slice(0, count)
    .map((trial) => lossOf(trial, goal));
}

function bestOfHalf(losses: number[], size: number, rng: Rng): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < size; i++) {
    const k = i + rng.int(losses.length - i);
    [losses[i], losses[k]] = [losses[k]!, losses[i]!];
    best = Math.min(best, losses[i]!);
  }
  return best;
}
