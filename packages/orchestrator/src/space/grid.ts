import { axisOf } from './axis.ts';
import { isActive } from './conditions.ts';
import { type Levels, listed, multiplesWithin } from './levels.ts';
import { normalQuantile } from './normal.ts';
import { SpaceError } from './space-error.ts';
import type { Distribution, Parameter, Params, ParamValue, Space } from './types.ts';

/**
 * The values that a grid gives to one parameter, in config order.
 * @throws SpaceError for a continuous parameter that has neither `q` nor `count`.
 */
export function gridLevels(parameter: Parameter): Levels<ParamValue> {
  const { distribution: d, count } = parameter;
  switch (d.kind) {
    case 'constant':
      return listed([d.value]);
    case 'categorical':
      return listed([...new Set(d.choices)]);
    case 'int':
    case 'float': {
      if (count !== undefined) return listed(spaced(d, count));
      if (d.step !== undefined) return multiplesWithin(d.low, d.high, d.step);
      if (d.low === d.high) return listed([d.low]);
      throw new SpaceError(
        `A grid cannot try every value of \`${parameter.name}\`, a number between ${d.low} and ${d.high}. ` +
          'Give it `count: 5` (that many points) or `q: 0.1` (every multiple), or use `method: random`.',
      );
    }
    case 'normal':
      if (count !== undefined) return listed(quantiles(d, count));
      throw new SpaceError(
        `A grid cannot try every value of \`${parameter.name}\`: its normal distribution has no bounds. ` +
          'Give it `count: 5` (that many quantiles), or use `method: random`.',
      );
  }
}

/** `count` values from bound to bound, evenly on the distribution's own scale; fewer where they coincide. */
function spaced(d: Extract<Distribution, { kind: 'int' | 'float' }>, count: number): ParamValue[] {
  const axis = axisOf(d);
  if (axis.kind === 'choices') return [...axis.values];
  const low = axis.position(axis.value(axis.low));
  const high = axis.position(axis.value(axis.high));
  if (count === 1) return [axis.value(0.5 * (low + high))];
  const values = Array.from({ length: count }, (_, i) => axis.value(low + ((high - low) * i) / (count - 1)));
  // exp(log(low)) may miss the bound that was asked for by a rounding error.
  if (d.kind === 'float' && d.step === undefined) {
    values[0] = d.low;
    values[count - 1] = d.high;
  }
  return [...new Set(values)];
}

/** The middles of `count` equally likely parts. */
function quantiles(d: Extract<Distribution, { kind: 'normal' }>, count: number): ParamValue[] {
  const axis = axisOf(d);
  if (axis.kind === 'choices') return [...axis.values];
  const values = Array.from({ length: count }, (_, i) =>
    axis.value(axis.mean + axis.spread * normalQuantile((i + 0.5) / count)),
  );
  return [...new Set(values)];
}

/** Tells whether a point of the space is one of its grid. */
export function gridMembership(space: Space): (point: Params) => boolean {
  const levels = new Map(space.map((parameter) => [parameter.name, gridLevels(parameter)]));
  return (point) => Object.entries(point).every(([name, value]) => levels.get(name)?.has(value) ?? false);
}

/** The place of a parameter that is absent from the current point. */
const ABSENT = -1;

/**
 * Every point of the grid once, lazily: the first parameter changes slowest. A point differs from another in a
 * parameter that is present; absent ones make no points of their own.
 * @param fixed only points that have these values, which need not be on the grid.
 */
export function* enumerateGrid(space: Space, fixed: Params = {}): Generator<Params, void> {
  const levels = space.map((parameter) =>
    Object.hasOwn(fixed, parameter.name) ? listed([fixed[parameter.name]!]) : gridLevels(parameter),
  );
  const places = new Array<number>(space.length).fill(0);
  /** Places before this one stay; the others start again at 0. */
  let restart = 0;
  while (restart <= space.length) {
    const params: Params = {};
    let fits = true;
    for (const [i, parameter] of space.entries()) {
      const active = isActive(parameter, params);
      if (i >= restart) places[i] = active ? 0 : ABSENT;
      if (active) params[parameter.name] = levels[i]!.at(places[i]!);
      else if (Object.hasOwn(fixed, parameter.name)) fits = false;
    }
    if (fits) yield params;
    let turn = space.length - 1;
    while (turn >= 0 && (places[turn] === ABSENT || places[turn]! + 1 >= levels[turn]!.count)) turn--;
    if (turn < 0) return;
    places[turn]!++;
    restart = turn + 1;
  }
}
