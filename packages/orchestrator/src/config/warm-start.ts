import { contains } from '../space/axis.ts';
import { admits, describeCondition } from '../space/conditions.ts';
import { describeDistribution } from '../space/describe-distribution.ts';
import type { Params, Space } from '../space/types.ts';
import type { IssueList, Path } from './config-error.ts';
import { didYouMean } from './nearest.ts';
import { descend, describeValue, keysOf, placeOf, placeOfKey, type Tree } from './source-tree.ts';

/** Whether they are there is looked up at launch, in its store. */
export function checkSweeps(sweeps: readonly string[], root: Tree, issues: IssueList): void {
  sweeps.forEach((name, i) => {
    if (sweeps.indexOf(name) === i) return;
    const path = ['warm_start', 'sweeps', i];
    issues.add(placeOf(root, path), path, `\`${name}\` stands twice in \`sweeps\``);
  });
}

/** Checks that each point can exist; what it leaves out is the sampler's to draw. */
export function checkPoints(points: readonly Params[], space: Space, root: Tree, issues: IssueList): void {
  const all = keysOf(descend(root, ['parameters']));
  points.forEach((point, i) => {
    for (const name of Object.keys(point)) {
      const path = ['warm_start', 'points', i, name];
      if (!all.includes(name))
        issues.add(
          placeOfKey(root, path),
          path,
          `no parameter is called \`${name}\`${didYouMean(name, all)}`,
        );
    }
    checkPoint(point, space, root, ['warm_start', 'points', i], issues);
  });
}

function checkPoint(point: Params, space: Space, root: Tree, path: Path, issues: IssueList): void {
  for (const { name, distribution, when } of space) {
    if (!Object.hasOwn(point, name)) continue;
    const value = point[name]!;
    const at = [...path, name];
    if (!contains(distribution, value)) {
      issues.add(
        placeOf(root, at),
        at,
        `expected ${describeDistribution(distribution)}, got ${describeValue(value)}`,
      );
    }
    const unmet = when.find(
      (condition) =>
        Object.hasOwn(point, condition.parameter) && !admits(condition, point[condition.parameter]!),
    );
    if (unmet !== undefined) {
      issues.add(
        placeOfKey(root, at),
        at,
        `\`${name}\` is there only when ${describeCondition(unmet)}; leave it out of this point`,
      );
    }
  }
}
