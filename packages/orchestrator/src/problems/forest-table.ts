import type { Params } from '../space/types.ts';
import type { ForestTable } from './format.ts';
import { ProblemError } from './problem-error.ts';

/**
 * A surrogate of real learning curves: each tree leads a point to the rows of the table that are like it, and the
 * curves of those are averaged, first within a tree, then over the trees.
 * @returns the whole learning curve of a point, one value per step.
 * @throws ProblemError where trees and table do not fit together.
 */
export function compileForestTable(table: ForestTable): (params: Params) => number[] {
  const { features, trees, steps } = table;
  const weights = trees.map((tree) => leafCurves(tree, table));
  return (params) => {
    const x = features.map(({ param, transform, choice }) => {
      const value = params[param];
      if (transform === 'onehot') return value === choice ? 1 : 0;
      return transform === 'log10' ? Math.log10(Number(value)) : Number(value);
    });
    const curve = new Array<number>(steps.length).fill(0);
    for (const [t, tree] of trees.entries()) {
      let node = 0;
      while (tree.feature[node]! >= 0) {
        const goesLeft = x[tree.feature[node]!]! <= tree.threshold[node]!;
        node = goesLeft ? tree.left[node]! : tree.right[node]!;
      }
      const leaf = weights[t]!.get(node)!;
      for (let k = 0; k < curve.length; k++) curve[k]! += leaf[k]!;
    }
    return curve.map((sum) => sum / trees.length);
  };
}

/** The mean curve of every leaf, worked out once. */
function leafCurves(
  tree: ForestTable['trees'][number],
  { table, steps, features }: ForestTable,
): Map<number, Float64Array> {
  const curves = new Map<number, Float64Array>();
  for (const [node, feature] of tree.feature.entries()) {
    if (feature >= features.length)
      throw new ProblemError(`A tree compares feature ${feature}, which is none.`);
    if (feature >= 0) {
      // Children come after their parent: no walk can run in a circle.
      if (!(tree.left[node]! > node && tree.right[node]! > node))
        throw new ProblemError(`Node ${node} of a tree has no children after it.`);
      continue;
    }
    const rows = tree.rows[node];
    if (!Array.isArray(rows) || rows.length === 0)
      throw new ProblemError(`Leaf ${node} of a tree has no rows.`);
    const mean = new Float64Array(steps.length);
    for (const row of rows) {
      const curve = table[row];
      if (curve?.length !== steps.length)
        throw new ProblemError(`Row ${row} of the table has no ${steps.length} values.`);
      for (let k = 0; k < mean.length; k++) mean[k]! += curve[k]! / rows.length;
    }
    curves.set(node, mean);
  }
  return curves;
}
