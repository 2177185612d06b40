import { contains } from '../space/axis.ts';
import { describeDistribution } from '../space/describe-distribution.ts';
import type { Condition, Parameter, ParamValue } from '../space/types.ts';
import type { IssueList, Path } from './config-error.ts';
import { canFulfil, isNumeric } from './domain.ts';
import { didYouMean } from './nearest.ts';
import { descend, describeValue, placeOf, placeOfKey, type Tree, toPlain } from './source-tree.ts';

export interface Surroundings {
  /** Parameters that stand before this one and are sound. */
  readonly earlier: ReadonlyMap<string, Parameter>;
  /** All names, in the order of the file. */
  readonly names: readonly string[];
}

/** The clauses of `when`; its shape has been checked. */
export function readConditions(tree: Tree, path: Path, around: Surroundings, issues: IssueList): Condition[] {
  const when = descend(tree, path);
  if (when?.kind !== 'map') return [];
  const own = String(path.at(-2));
  const conditions: Condition[] = [];
  for (const [name, entry] of when.entries) {
    const at = [...path, name];
    const parent = around.earlier.get(name);
    if (parent === undefined) {
      const message = strangerMessage(name, own, around);
      if (message !== null) issues.add(placeOfKey(tree, at), at, message);
      continue;
    }
    const raw = toPlain(entry.value);
    const condition: Condition = Array.isArray(raw)
      ? { parameter: name, kind: 'in', values: raw as ParamValue[] }
      : { parameter: name, kind: 'compare', ...(raw as Record<string, number>) };
    if (checkCondition(condition, parent, tree, at, issues)) conditions.push(condition);
  }
  return conditions;
}

function strangerMessage(name: string, own: string, around: Surroundings): string | null {
  if (name === own) return `\`${name}\` can't depend on itself`;
  const index = around.names.indexOf(name);
  if (index === -1) {
    const before = around.names.slice(0, around.names.indexOf(own));
    return `no parameter \`${name}\` stands before \`${own}\`${didYouMean(name, before)}`;
  }
  // An earlier one that is itself in error has its own message.
  if (index < around.names.indexOf(own)) return null;
  return `\`${name}\` stands later in the file; a condition names earlier parameters only: move \`${name}\` above \`${own}\``;
}

function checkCondition(
  condition: Condition,
  parent: Parameter,
  tree: Tree,
  path: Path,
  issues: IssueList,
): boolean {
  const { distribution, name } = parent;
  if (condition.kind === 'in') {
    let sound = true;
    condition.values.forEach((value, i) => {
      if (contains(distribution, value)) return;
      sound = false;
      const hint =
        typeof value === 'string' && distribution.kind === 'categorical'
          ? didYouMean(value, distribution.choices.map(String))
          : '';
      issues.add(
        placeOf(tree, [...path, i]),
        [...path, i],
        `\`${name}\` is never ${describeValue(value)}: it is ${describeDistribution(distribution)}${hint}`,
      );
    });
    return sound;
  }
  if (Object.keys(condition).length === 2) {
    issues.add(placeOf(tree, path), path, 'expected a list of values, or a bound such as `{ge: 2}`');
    return false;
  }
  if (!isNumeric(distribution)) {
    issues.add(
      placeOf(tree, path),
      path,
      `\`${name}\` is ${describeDistribution(distribution)}: no numbers to compare; write a list of its values`,
    );
    return false;
  }
  const possible = canFulfil(distribution, condition);
  if (!possible) {
    issues.add(
      placeOf(tree, path),
      path,
      `\`${name}\` never fits: it is ${describeDistribution(distribution)}`,
    );
  }
  return possible;
}
