import { admits, isActive } from '../space/conditions.ts';
import type { Condition, Parameter, Params, ParamValue, Space } from '../space/types.ts';
import { representatives } from './domain.ts';

export interface Representatives {
  /** Each parameter with each of its extremes or choices, conditional branches taken and left. */
  readonly sets: readonly Params[];
  /** Parameters whose conditions exclude each other. */
  readonly impossible: readonly string[];
}

/**
 * Few settings that show every value that matters: one parameter at a time is moved, the others stay at their first
 * value unless its conditions ask for another one.
 */
export function representativeParams(space: Space): Representatives {
  const asked = new Map<string, Condition[]>(space.map((parameter) => [parameter.name, []]));
  for (const parameter of space)
    for (const condition of parameter.when) asked.get(condition.parameter)?.push(condition);
  const values = new Map(
    space.map(({ name, distribution }) => [name, representatives(distribution, asked.get(name)!)]),
  );
  const byName = new Map(space.map((parameter) => [parameter.name, parameter]));

  const sets: Params[] = [settingWith(space, values, new Map())];
  const impossible: string[] = [];
  for (const parameter of space) {
    let reached = false;
    for (const value of values.get(parameter.name)!) {
      const fixed = new Map<string, ParamValue>([[parameter.name, value]]);
      makePresent(parameter, byName, values, fixed);
      const params = settingWith(space, values, fixed);
      if (Object.hasOwn(params, parameter.name)) reached = true;
      sets.push(params);
    }
    if (!reached) impossible.push(parameter.name);
  }
  return { sets, impossible };
}

function settingWith(
  space: Space,
  values: ReadonlyMap<string, readonly ParamValue[]>,
  fixed: ReadonlyMap<string, ParamValue>,
): Params {
  const params: Params = {};
  for (const parameter of space) {
    const { name } = parameter;
    if (!isActive(parameter, params)) continue;
    params[name] = fixed.has(name) ? fixed.get(name)! : (values.get(name)![0] ?? null);
  }
  return params;
}

/** Fixes the parameters above so that this one is there. */
function makePresent(
  parameter: Parameter,
  byName: ReadonlyMap<string, Parameter>,
  values: ReadonlyMap<string, readonly ParamValue[]>,
  fixed: Map<string, ParamValue>,
): void {
  for (const { parameter: name } of parameter.when) {
    const parent = byName.get(name);
    if (parent === undefined || fixed.has(name)) continue;
    const clauses = parameter.when.filter((condition) => condition.parameter === name);
    const value = values.get(name)!.find((candidate) => clauses.every((clause) => admits(clause, candidate)));
    if (value === undefined) continue;
    fixed.set(name, value);
    makePresent(parent, byName, values, fixed);
  }
}
