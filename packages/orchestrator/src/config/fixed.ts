import { contains } from '../space/axis.ts';
import { describeDistribution } from '../space/describe-distribution.ts';
import { conflictIn } from '../space/fixed-parameters.ts';
import type { Params, Space } from '../space/types.ts';
import type { IssueList } from './config-error.ts';
import { didYouMean } from './nearest.ts';
import type { Override } from './overrides.ts';
import { describeValue, type Tree, toPlain } from './source-tree.ts';

/** `fixed.NAME=VALUE`, `parameters.NAME=VALUE`, or `fixed={…}` for all of them at once. */
export function fixesParameter({ keyPath }: Override): boolean {
  return /^(?:fixed$|fixed\.|parameters\.)/.test(keyPath);
}

/** What `resume --set` fixes, put over what was fixed before. */
export function readFixed(
  before: Params,
  overrides: readonly Override[],
  space: Space,
  issues: IssueList,
): Params {
  let fixed: Params = { ...before };
  for (const override of overrides) {
    if (override.keyPath === 'fixed') {
      fixed = {};
      if (override.value.kind !== 'map') {
        const message = `expected a map such as \`fixed={momentum: 0.9}\`, got ${describeValue(toPlain(override.value))}`;
        issues.add(override.place, ['fixed'], message);
        continue;
      }
      for (const [name, { value }] of override.value.entries)
        fix(fixed, name, value, override, space, issues);
      continue;
    }
    const name = override.keyPath.slice(override.keyPath.indexOf('.') + 1);
    fix(fixed, name, override.value, override, space, issues);
  }
  const conflict = conflictIn(space, fixed);
  if (conflict !== null) {
    const { name, condition } = conflict;
    const at = overrides.at(-1);
    if (at !== undefined)
      issues.add(at.place, ['fixed', name], `\`${name}\` is fixed too, and is there only when ${condition}`);
  }
  return fixed;
}

function fix(
  fixed: Params,
  name: string,
  value: Tree,
  { place }: Override,
  space: Space,
  issues: IssueList,
): void {
  const path = ['fixed', name];
  const parameter = space.find((one) => one.name === name);
  const whose = parameter ?? space.find((one) => name.startsWith(`${one.name}.`));
  if (whose === undefined) {
    const names = space.map((one) => one.name);
    const hint = didYouMean(name, names) || `; there are ${names.join(', ')}`;
    issues.add(place, path, `no parameter is called \`${name}\`${hint}`);
    return;
  }
  if (parameter === undefined || value.kind !== 'scalar') {
    const message =
      `a range can't change while a sweep goes on; \`fixed.${whose.name}=VALUE\` gives later trials that value. ` +
      'For another range launch a new sweep; with `warm_start.sweeps` it takes over what is known';
    issues.add(place, path, message);
    return;
  }
  if (contains(parameter.distribution, value.value)) {
    fixed[name] = value.value;
    return;
  }
  const { distribution } = parameter;
  issues.add(
    place,
    path,
    `expected ${describeDistribution(distribution)}, got ${describeValue(value.value)}`,
  );
}
