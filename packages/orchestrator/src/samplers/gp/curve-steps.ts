import type { CurvePoint, ObservedTrial } from '../sampler.ts';

/** Ratio of the steps at which a curve is looked at, as of the rungs of successive halving. */
const ETA = 3;
/** Steps before the last that are seen in all: what they cost grows with the cube. */
const MOST_RUNGS = 60;

/** Whether parts of trials tell something: only where trials are ended before their last step. */
export function learnsFromParts(history: readonly ObservedTrial[]): boolean {
  return history.some(({ state, curve }) => state === 'pruned' && curve.length > 0);
}

/** Steps of a whole trial: as they are known, else the most that one took. */
export function lastStep(history: readonly ObservedTrial[], maxStep: number | null): number {
  let last = 2;
  for (const { step } of history) last = Math.max(last, step);
  return Math.max(2, maxStep ?? last);
}

/**
 * The steps of each trial's curve that the model sees: where a pruned, stopped or running trial stands, and the powers
 * of 3 before the end. Those of the first trials, which lie all over the space, show how losses fall with the steps;
 * later ones would only add to the cost.
 */
export function curveSteps(history: readonly ObservedTrial[], last: number): (readonly CurvePoint[])[] {
  let room = MOST_RUNGS;
  return history.map(({ state, curve }) => {
    if (curve.length === 0 || state === 'failed') return [];
    const isPart = state !== 'complete';
    const end = isPart ? curve.at(-1)!.step : last;
    const points =
      state === 'running' ? [] : curve.filter(({ step }) => step < end && isRung(step)).slice(0, room);
    room -= points.length;
    return isPart ? [...points, curve.at(-1)!] : points;
  });
}

function isRung(step: number): boolean {
  let rung = 1;
  while (rung < step) rung *= ETA;
  return rung === step;
}
