import { axisOf } from '../space/axis.ts';
import type { Parameter, Params, ParamValue, Space } from '../space/types.ts';
import { fromUnit, toUnit } from '../space/unit.ts';
import { createRng, type Rng } from '../study/rng.ts';

/** How far, in the unit cube, a right belief lies from the optimum: users know the region, not the point. */
const RIGHT_SPREAD = 0.05;

/** The space with a prior for each parameter that exists at the point. */
export function withPriors(space: Space, point: Params): Space {
  return space.map((parameter) =>
    Object.hasOwn(point, parameter.name) ? { ...parameter, prior: point[parameter.name]! } : parameter,
  );
}

/** Beliefs near the optimum: numbers a little off it, choices as they are. */
export function rightBelief(space: Space, optimum: Params, seed: number): Params {
  const rng = createRng(seed, 0, 'right belief');
  return mapPoint(space, optimum, ({ distribution }, value) => {
    if (axisOf(distribution).kind === 'choices') return value;
    return fromUnit(distribution, clamp(toUnit(distribution, value) + RIGHT_SPREAD * rng.normal()));
  });
}

/** Beliefs far from the optimum: numbers half the cube away, choices drawn from the others. */
export function wrongBelief(space: Space, optimum: Params, seed: number): Params {
  const rng = createRng(seed, 0, 'wrong belief');
  return mapPoint(space, optimum, ({ distribution }, value) => {
    const axis = axisOf(distribution);
    if (axis.kind === 'choices') return otherChoice(axis.values, value, rng);
    const u = toUnit(distribution, value);
    return fromUnit(distribution, u < 0.5 ? u + 0.5 : u - 0.5);
  });
}

function mapPoint(
  space: Space,
  point: Params,
  change: (parameter: Parameter, value: ParamValue) => ParamValue,
): Params {
  const changed: Params = {};
  for (const parameter of space)
    if (Object.hasOwn(point, parameter.name))
      changed[parameter.name] = change(parameter, point[parameter.name]!);
  return changed;
}

function otherChoice(values: readonly ParamValue[], value: ParamValue, rng: Rng): ParamValue {
  const others = values.filter((choice) => choice !== value);
  return others.length === 0 ? value : others[rng.int(others.length)]!;
}

function clamp(u: number): number {
  return Math.min(1, Math.max(0, u));
}
