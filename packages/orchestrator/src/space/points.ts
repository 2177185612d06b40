import { didYouMean } from '../config/nearest.ts';
import type { Rng } from '../study/rng.ts';
import { contains } from './axis.ts';
import { describeCondition, isActive } from './conditions.ts';
import { describeDistribution } from './describe-distribution.ts';
import { SpaceError } from './space-error.ts';
import type { Parameter, Params, ParamValue, Space } from './types.ts';
import { draw } from './unit.ts';

export type Choose = (parameter: Parameter, index: number) => ParamValue;

/** A point, parameter by parameter in order; those whose condition does not hold are left out. */
export function buildParams(space: Space, choose: Choose): Params {
  const params: Params = {};
  for (const [index, parameter] of space.entries()) {
    if (isActive(parameter, params)) params[parameter.name] = choose(parameter, index);
  }
  return params;
}

/** A random point of the whole conditional tree. */
export function drawParams(space: Space, rng: Rng): Params {
  return buildParams(space, (parameter) => draw(parameter.distribution, rng));
}

/** One text per point, whatever the order of its keys. */
export function pointKey(space: Space, params: Params): string {
  return space
    .map(({ name }) => (Object.hasOwn(params, name) ? JSON.stringify(params[name]) : ''))
    .join('\n');
}

/** @throws SpaceError naming the parameter that the space does not know, or whose value it cannot have. */
export function checkPoint(space: Space, point: Params): void {
  const names = new Map(space.map((parameter) => [parameter.name, parameter]));
  for (const [name, value] of Object.entries(point)) {
    const parameter = names.get(name);
    if (parameter === undefined) {
      throw new SpaceError(
        `The point ${show(point)} names no parameter of this sweep: \`${name}\`${didYouMean(name, names.keys())}.`,
      );
    }
    if (!contains(parameter.distribution, value)) {
      throw new SpaceError(
        `The point ${show(point)} gives \`${name}\` the value ${JSON.stringify(value)}; ` +
          `it must be ${describeDistribution(parameter.distribution)}.`,
      );
    }
  }
}

/** Tries at drawing parents under which all given children exist. */
const MAX_DRAWS = 1_000;

/**
 * Checks a warm-start point and draws what it leaves out. Where a child is given and its parent is not, the parent is
 * drawn so that the child exists.
 * @throws SpaceError when the point does not fit the space.
 */
export function completePoint(space: Space, point: Params, rng: Rng): Params {
  checkPoint(space, point);
  for (let draws = 0; draws < MAX_DRAWS; draws++) {
    const params = buildParams(space, ({ name, distribution }) =>
      Object.hasOwn(point, name) ? point[name]! : draw(distribution, rng),
    );
    if (Object.keys(point).every((name) => Object.hasOwn(params, name))) return params;
  }
  throw misfit(space, point);
}

/** The error for a point whose parameters cannot all exist at once. */
export function misfit(space: Space, point: Params): SpaceError {
  const orphan =
    space.find((parameter) => Object.hasOwn(point, parameter.name) && !isActive(parameter, point)) ??
    space[0]!;
  const conditions = orphan.when.map(describeCondition).join(' and ');
  return new SpaceError(
    `The point ${show(point)} gives \`${orphan.name}\`, which exists only where ${conditions}. Leave it out, or give a value to what it depends on.`,
  );
}

function show(point: Params): string {
  const text = JSON.stringify(point);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
