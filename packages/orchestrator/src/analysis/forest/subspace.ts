import type { Condition, Parameter, Params, Space } from '../../space/types.ts';

/** The part of a conditional space in which certain parameters exist, as far as trials have reached it. */
export interface Subspace {
  /** Indices of the trials that have all the named parameters. */
  readonly rows: Int32Array;
  /** The parameters that all those trials have, in the order of the space. */
  readonly parameters: readonly Parameter[];
  /** What must hold there, by the name of the parameter that a clause is about. */
  readonly clauses: ReadonlyMap<string, readonly Condition[]>;
  /** The same text for the same trials. */
  readonly key: string;
}

/** @param names parameters of the space; none of them: the whole space */
export function subspaceOf(space: Space, params: readonly Params[], names: readonly string[]): Subspace {
  const rows: number[] = [];
  for (let row = 0; row < params.length; row++) {
    if (names.every((name) => Object.hasOwn(params[row]!, name))) rows.push(row);
  }
  const parameters = space.filter(
    ({ name, when }) =>
      (when.length === 0 || names.length > 0) && rows.every((row) => Object.hasOwn(params[row]!, name)),
  );
  const byName = new Map(space.map((parameter) => [parameter.name, parameter]));
  const clauses = new Map<string, Condition[]>();
  const visited = new Set<string>();
  const visit = (name: string): void => {
    if (visited.has(name)) return;
    visited.add(name);
    for (const condition of byName.get(name)?.when ?? []) {
      clauses.set(condition.parameter, [...(clauses.get(condition.parameter) ?? []), condition]);
      visit(condition.parameter);
    }
  };
  for (const name of names) visit(name);
  const key = [...clauses].map(([name, conditions]) => `${name}:${JSON.stringify(conditions)}`).sort();
  return { rows: Int32Array.from(rows), parameters, clauses, key: key.join('\n') };
}
