import type { MeasuredTimes, Problem } from '../problems/problem.ts';
import { axisOf } from '../space/axis.ts';
import type { Params, Space } from '../space/types.ts';
import { toUnit } from '../space/unit.ts';
import { createRng } from '../study/rng.ts';

/** What a virtual trial costs. */
export interface TimeModel {
  /** Mean virtual seconds of a step; null: as the problem measured it, else 60. */
  readonly stepSeconds: number | null;
  /** Before the first step: loading data, compiling. At least 0. */
  readonly startSeconds: number;
  /** Standard deviation of the logarithm of a trial's time, around the time that its parameters give it. At least 0. */
  readonly spread: number;
}

export const DEFAULT_STEP_SECONDS = 60;

/** @returns virtual seconds per step of a trial; the same trial of the same seed always takes as long. */
export function trainingTime(
  { space, times, steps }: Problem,
  { stepSeconds, spread }: TimeModel,
  seed: number,
): (params: Params, number: number) => number {
  const stepsOfAll = steps?.at(-1) ?? 1;
  const measured = times === null ? null : neighbourTimes(space, times);
  const typical = times === null ? 1 : geometricMean(times.seconds);
  const scale = stepSeconds ?? (times === null ? DEFAULT_STEP_SECONDS : typical / stepsOfAll);
  return (params, number) => {
    const slower = measured === null ? 1 : measured(params) / typical;
    const luck = spread * createRng(seed, number, 'training time').normal();
    // Less half of the variance: so that the spread leaves the mean as it is.
    return scale * slower * Math.exp(luck - (spread * spread) / 2);
  };
}

const NEIGHBOURS = 5;

/** The times of the trained configurations that are nearest in the unit cube, averaged in the logarithm. */
function neighbourTimes(
  space: Space,
  { params: trained, seconds }: MeasuredTimes,
): (params: Params) => number {
  const logs = seconds.map(Math.log);
  const places = trained.map((params) => placeOf(space, params));
  return (params) => {
    const place = placeOf(space, params);
    const nearest = places
      .map((other, index) => ({ index, distance: squaredDistance(place, other) }))
      .sort((a, b) => a.distance - b.distance)
      .slice(0, NEIGHBOURS);
    let sum = 0;
    let weights = 0;
    for (const { index, distance } of nearest) {
      const weight = 1 / (distance + 1e-9);
      sum += weight * logs[index]!;
      weights += weight;
    }
    return Math.exp(sum / weights);
  };
}

/** Numbers by their place in the unit interval; choices and absent parameters as they are, for comparison. */
type Place = ReadonlyArray<number | string>;

function placeOf(space: Space, params: Params): Place {
  return space.map(({ name, distribution }) => {
    const value = params[name];
    if (value === undefined) return 'absent';
    return axisOf(distribution).kind === 'choices' ? `choice ${value}` : toUnit(distribution, value);
  });
}

function squaredDistance(a: Place, b: Place): number {
  return a.reduce<number>((sum, x, i) => {
    const y = b[i]!;
    if (typeof x === 'number' && typeof y === 'number') return sum + (x - y) ** 2;
    return sum + (x === y ? 0 : 1);
  }, 0);
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
