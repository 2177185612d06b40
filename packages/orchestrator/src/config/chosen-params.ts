import { contains } from '../space/axis.ts';
import { describeCondition, holds } from '../space/conditions.ts';
import { describeDistribution } from '../space/describe-distribution.ts';
import type { Params, Space } from '../space/types.ts';
import { IssueList } from './config-error.ts';
import { didYouMean } from './nearest.ts';
import { type Override, readOverrides } from './overrides.ts';
import { describeValue, toPlain } from './source-tree.ts';

/**
 * The point of `--params NAME=VALUE …`, over the parameters of another trial where one is given; what of that one can't
 * exist beside the new values is left out.
 * @throws ConfigError that names every value that does not fit the space, and what would.
 */
export function chosenParams(space: Space, texts: readonly string[], like: Params | null): Params {
  const issues = new IssueList();
  const given: Params = {};
  const overrides = readOverrides(texts, issues, '--params');
  for (const override of overrides) read(given, override, space, issues);
  issues.throwIfAny('--params');
  const wanted: Params = { ...like, ...given };
  // In the order of the space, so that a condition is judged by parents that are settled.
  const params: Params = {};
  for (const { name, when } of space) {
    if (!Object.hasOwn(wanted, name)) continue;
    // Parents that are not given are drawn so that their children exist; one that was left out above is not there.
    const canBe = when.every(
      (condition) => !Object.hasOwn(wanted, condition.parameter) || holds(condition, params),
    );
    if (canBe) params[name] = wanted[name]!;
    else if (Object.hasOwn(given, name)) {
      const { place } = overrides.find(({ keyPath }) => keyPath === name)!;
      const condition = when.map(describeCondition).join(' and ');
      issues.add(place, [], `\`${name}\` is there only when ${condition}; leave it out, or change that too`);
    }
  }
  issues.throwIfAny('--params');
  return params;
}

function read(
  given: Params,
  { keyPath: name, value, place }: Override,
  space: Space,
  issues: IssueList,
): void {
  const parameter = space.find((one) => one.name === name);
  if (parameter === undefined) {
    const names = space.map((one) => one.name);
    const hint = didYouMean(name, names) || `; there are ${names.join(', ')}`;
    issues.add(place, [], `no parameter is called \`${name}\`${hint}`);
    return;
  }
  if (value.kind !== 'scalar' || !contains(parameter.distribution, value.value)) {
    const expected = describeDistribution(parameter.distribution);
    issues.add(place, [], `expected ${expected}, got ${describeValue(toPlain(value))}`);
    return;
  }
  given[name] = value.value;
}
