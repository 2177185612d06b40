import type { CurvePoint, ObservedTrial } from '../sampler.ts';

/** Ratio of the steps at which a curve is looked at, as of the rungs of successive halving. */
const ETA = 3;
/** Rungs below the highest of a trial that are seen in all: what they cost grows with the cube. */
const MOST_LOWER = 60;

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

/** The number of the rung above all others, on which whole trials are. */
export function wholeRung(last: number): number {
  let rung = 0;
  for (let end = ETA; end < last; end *= ETA) rung++;
  return rung + 1;
}

export interface RungPoint extends CurvePoint {
  /** 0 for the steps 1 and 2, 1 for 3 to 8, 2 for 9 to 26 … */
  readonly rung: number;
}

/** The first report on each rung, before the last step. */
export function rungPoints({ state, curve }: ObservedTrial, last: number): RungPoint[] {
  if (state === 'failed') return [];
  const points: RungPoint[] = [];
  let rung = 0;
  let end = ETA;
  for (const { step, loss } of curve) {
    if (step >= last || Number.isNaN(loss)) continue;
    while (step >= end) {
      rung++;
      end *= ETA;
    }
    if (points.at(-1)?.rung !== rung) points.push({ rung, step, loss });
  }
  return points;
}

/**
 * What the model sees of each trial's curve: where a pruned, stopped or running trial stands, and lower rungs of the
 * first trials, which lie all over the space and show how losses fall; those of later ones would only add to the cost.
 */
export function seenRungs(history: readonly ObservedTrial[], last: number): (readonly RungPoint[])[] {
  let room = MOST_LOWER;
  return history.map((trial) => {
    const points = rungPoints(trial, last);
    if (trial.state === 'running') return points.slice(-1);
    const lower = trial.state === 'complete' ? points.length : points.length - 1;
    const taken = Math.max(0, Math.min(room, lower));
    room -= taken;
    return points.slice(lower - taken);
  });
}
