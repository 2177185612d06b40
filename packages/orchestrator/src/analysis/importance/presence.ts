import type { Params, Space } from '../../space/types.ts';
import type { ParameterImportance } from './importance.ts';

/** The share of the points that have each parameter; 1 of no points. */
export function presence(space: Space, params: readonly Params[]): ReadonlyMap<string, number> {
  return new Map(
    space.map(({ name }) => [
      name,
      params.length === 0 ? 1 : params.filter((point) => Object.hasOwn(point, name)).length / params.length,
    ]),
  );
}

/** Most important first; equal ones in the order of the space. */
export function ranked(parameters: readonly ParameterImportance[]): ParameterImportance[] {
  return parameters.toSorted((a, b) => b.importance - a.importance);
}
