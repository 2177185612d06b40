import type { Observation } from './training-data.ts';

/** Side of the box as a share of the unit cube, before scaling by length scales. */
export const START_SIDE = 0.4;
const LARGEST_SIDE = 0.8;
const SMALLEST_SIDE = 0.4 / 64;
const SUCCESSES = 1;
const FAILURES = 3;

/** Every other ask searches a box around the best trial. */
export const asksForBox = (number: number): boolean => number % 2 === 1;

/**
 * The side of the box after what its trials brought: doubled where they were better than all before, halved where they
 * were not, from the start again when tiny (Eriksson et al., "Scalable Global Optimization via Local Bayesian
 * Optimization", NeurIPS 2019). Read off the results alone, so that it needs no memory.
 */
export function boxSide(
  observations: readonly Observation[],
  isFeasible: (number: number) => boolean,
  startupTrials: number,
): number {
  let side = START_SIDE;
  let successes = 0;
  let failures = 0;
  let best = Number.POSITIVE_INFINITY;
  for (const [i, { number, loss, source }] of observations.entries()) {
    if (source !== 'whole') continue;
    const isBetter = loss < best && isFeasible(number);
    if (isBetter) best = loss;
    if (i < startupTrials || !asksForBox(number)) continue;
    successes = isBetter ? successes + 1 : 0;
    failures = isBetter ? 0 : failures + 1;
    if (successes === SUCCESSES) {
      side = Math.min(LARGEST_SIDE, 2 * side);
      successes = 0;
    } else if (failures === FAILURES) {
      side /= 2;
      failures = 0;
      if (side < SMALLEST_SIDE) side = START_SIDE;
    }
  }
  return side;
}
