import { admits } from './conditions.ts';
import { gridLevels } from './grid.ts';
import type { Levels } from './levels.ts';
import type { Condition, Parameter, ParamValue, Space } from './types.ts';

/**
 * Number of points that `enumerateGrid` yields, without enumerating them: parameters that no condition joins multiply,
 * and inside a joined group only which children are ruled out so far matters, not by which values.
 * Exact up to 2^53.
 * @throws SpaceError as `gridLevels`.
 */
export function countGrid(space: Space): number {
  let total = 1;
  for (const group of joinedGroups(space)) total *= countGroup(group);
  return total;
}

/** Parameters in order, in groups between which there is no condition. */
function joinedGroups(space: Space): Parameter[][] {
  const groupOf = new Map<string, Parameter[]>();
  for (const parameter of space) {
    const joined = new Set(
      parameter.when.map((condition) => groupOf.get(condition.parameter)).filter((g) => g !== undefined),
    );
    const group = [...[...joined].flat(), parameter];
    for (const member of group) groupOf.set(member.name, group);
  }
  const order = new Map(space.map((parameter, index) => [parameter, index]));
  return [...new Set(groupOf.values())].map((group) => group.sort((a, b) => order.get(a)! - order.get(b)!));
}

/** Values of one parameter that rule out the same later parameters. */
interface ValueClass {
  readonly ruledOut: readonly number[];
  readonly size: number;
}

function countGroup(group: readonly Parameter[]): number {
  const classes = group.map((parameter, index) => valueClasses(parameter, dependants(group, index)));
  const known = new Map<string, number>();
  const count = (index: number, absent: readonly boolean[]): number => {
    if (index === group.length) return 1;
    const key = absent.slice(index).map(Number).join('');
    const before = known.get(key);
    if (before !== undefined) return before;
    let total = 0;
    if (absent[index]) {
      total = count(index + 1, ruleOut(absent, [...dependants(group, index).keys()]));
    } else {
      for (const { ruledOut, size } of classes[index]!)
        total += size * count(index + 1, ruleOut(absent, ruledOut));
    }
    known.set(key, total);
    return total;
  };
  return count(0, new Array<boolean>(group.length).fill(false));
}

function ruleOut(absent: readonly boolean[], indices: readonly number[]): boolean[] {
  const result = [...absent];
  for (const index of indices) result[index] = true;
  return result;
}

/** Index of each later parameter whose condition names this one, with the clauses that do. */
function dependants(group: readonly Parameter[], index: number): Map<number, Condition[]> {
  const { name } = group[index]!;
  const found = new Map<number, Condition[]>();
  for (const [i, parameter] of group.entries()) {
    const clauses = parameter.when.filter((condition) => condition.parameter === name);
    if (clauses.length > 0) found.set(i, clauses);
  }
  return found;
}

function valueClasses(
  parameter: Parameter,
  children: ReadonlyMap<number, readonly Condition[]>,
): ValueClass[] {
  const levels = gridLevels(parameter);
  if (children.size === 0) return [{ ruledOut: [], size: levels.count }];
  const clauses = [...children.values()].flat();
  const starts = [...runStarts(levels, clauses)].sort((a, b) => a - b);
  const sizes = new Map<string, { ruledOut: number[]; size: number }>();
  for (const [i, start] of starts.entries()) {
    const size = (starts[i + 1] ?? levels.count) - start;
    const value = levels.at(start);
    const ruledOut = [...children]
      .filter(([, own]) => !own.every((clause) => admits(clause, value)))
      .map(([child]) => child);
    const key = ruledOut.join();
    const known = sizes.get(key);
    if (known === undefined) sizes.set(key, { ruledOut, size });
    else known.size += size;
  }
  return [...sizes.values()];
}

/** Long lists of levels are multiples of a quantum, hence ascending; shorter ones are looked at one by one. */
const LOOKED_AT_SINGLY = 10_000;

/** Indices at which a run of values begins that no clause tells apart. */
function runStarts(levels: Levels<ParamValue>, clauses: readonly Condition[]): Set<number> {
  if (levels.count <= LOOKED_AT_SINGLY) return new Set(Array.from({ length: levels.count }, (_, i) => i));
  const starts = new Set([0]);
  for (const clause of clauses) {
    const bounds = clause.kind === 'in' ? clause.values : [clause.ge, clause.gt, clause.le, clause.lt];
    for (const bound of bounds) {
      if (typeof bound !== 'number') continue;
      starts.add(firstIndex(levels, (value) => value >= bound));
      starts.add(firstIndex(levels, (value) => value > bound));
    }
  }
  starts.delete(levels.count);
  return starts;
}

function firstIndex(levels: Levels<ParamValue>, reached: (value: number) => boolean): number {
  let from = 0;
  let to = levels.count;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (reached(levels.at(middle) as number)) to = middle;
    else from = middle + 1;
  }
  return from;
}
