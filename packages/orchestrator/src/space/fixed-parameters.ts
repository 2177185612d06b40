import type { Rng } from '../study/rng.ts';
import { admits, describeCondition } from './conditions.ts';
import { buildParams, checkPoint } from './points.ts';
import { SpaceError } from './space-error.ts';
import type { Parameter, Params, Space } from './types.ts';
import { draw } from './unit.ts';

/** @throws SpaceError for a value that the parameter can't have, and where two of them exclude each other. */
export function checkFixed(space: Space, fixed: Params): void {
  checkPoint(space, fixed);
  const conflict = conflictIn(space, fixed);
  if (conflict === null) return;
  throw new SpaceError(`\`${conflict.name}\` is fixed, and exists only where ${conflict.condition}.`);
}

/** A fixed parameter whose condition another fixed one breaks; null where there is none. */
export function conflictIn(space: Space, fixed: Params): { name: string; condition: string } | null {
  for (const { name, when } of space) {
    if (!Object.hasOwn(fixed, name)) continue;
    const broken = when.find(
      (condition) =>
        Object.hasOwn(fixed, condition.parameter) && !admits(condition, fixed[condition.parameter]!),
    );
    if (broken !== undefined) return { name, condition: describeCondition(broken) };
  }
  return null;
}

/**
 * The point with the fixed values in it. What exists only because of them and is not in `point` takes its prior, else is
 * drawn; what no longer exists is left out.
 */
export function withFixed(space: Space, point: Params, fixed: Params, rng: Rng): Params {
  return buildParams(space, ({ name, distribution, prior }: Parameter) => {
    if (Object.hasOwn(fixed, name)) return fixed[name]!;
    if (Object.hasOwn(point, name)) return point[name]!;
    return prior ?? draw(distribution, rng);
  });
}

/** The space in which the fixed parameters have one value: what is left of a grid. */
export function pinned(space: Space, fixed: Params): Space {
  return space.map((parameter) =>
    Object.hasOwn(fixed, parameter.name)
      ? { ...parameter, distribution: { kind: 'constant', value: fixed[parameter.name]! } }
      : parameter,
  );
}
