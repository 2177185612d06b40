import type { Space } from '../../space/types.ts';

/** Indices of the parameters that conditions join, directly or through others: what lies in one group is one tree. */
export function conditionTrees(space: Space): number[][] {
  const treeOf = new Map<string, number[]>();
  for (const [index, { when }] of space.entries()) {
    const joined = new Set(when.map((condition) => treeOf.get(condition.parameter)!));
    const tree = [...joined].flat();
    tree.push(index);
    for (const member of tree) treeOf.set(space[member]!.name, tree);
  }
  return [...new Set(treeOf.values())].map((tree) => tree.sort((a, b) => a - b));
}
