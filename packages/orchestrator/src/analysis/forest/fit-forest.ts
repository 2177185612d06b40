import type { Params, Space } from '../../space/types.ts';
import { createRng } from '../../study/rng.ts';
import { createFeature, type Feature } from './features.ts';
import { type BinnedTrials, growTree, SPLIT_SIZE, type Tree } from './grow-tree.ts';
import { type Subspace, subspaceOf } from './subspace.ts';

export interface Forest {
  readonly subspace: Subspace;
  /** The parameters that vary among its trials. */
  readonly features: readonly Feature[];
  readonly trees: readonly Tree[];
  /** Trials that it was grown from. */
  readonly trials: number;
  /**
   * Share of the results' variance that the forest predicts for trials that a tree has not seen (out of bag); at most
   * 1, and 0 or below where it knows nothing.
   */
  readonly rSquared: number;
}

/** A tree draws at most so many trials: more of them make the trees more alike, and little better together. */
const MAX_SAMPLE = 5_000;

/** Trees of a forest: as many as in Hutter et al. 2014 and in Optuna. */
const TREES = 64;

/**
 * A random forest (Breiman 2001; all features at every split, bootstrap samples) over the part of the space in which
 * the named parameters exist. (seed, trials) decide it.
 * @param values one finite number per entry of `params`
 * @param names none: the parameters that are always there, over all trials
 */
export function fitForest(
  space: Space,
  params: readonly Params[],
  values: Float64Array,
  names: readonly string[],
  seed: number,
): Forest {
  const subspace = subspaceOf(space, params, names);
  const data = binTrials(subspace, params, values);
  const n = data.values.length;
  const predicted = new Float64Array(n);
  const votes = new Uint16Array(n);
  const trees =
    data.features.length === 0
      ? []
      : Array.from({ length: TREES }, (_, index) => {
          const rng = createRng(seed, index, `forest/${subspace.key}`);
          const weights = new Uint16Array(n);
          for (let i = Math.min(n, MAX_SAMPLE); i > 0; i--) weights[rng.int(n)]!++;
          const tree = growTree(data, weights, rng);
          for (let row = 0; row < n; row++) {
            if (weights[row]! > 0) continue;
            predicted[row]! += predict(tree, data.codes, row);
            votes[row]!++;
          }
          return tree;
        });
  return {
    subspace,
    features: data.features,
    trees,
    trials: n,
    rSquared: outOfBag(data.values, predicted, votes),
  };
}

function binTrials(subspace: Subspace, params: readonly Params[], values: Float64Array): BinnedTrials {
  const features: Feature[] = [];
  const codes: Uint8Array[] = [];
  const points = Array.from(subspace.rows, (row) => params[row]!);
  for (const parameter of subspace.parameters) {
    const column = points.map((point) => point[parameter.name]!);
    if (column.length === 0) continue;
    const feature = createFeature(parameter, subspace.clauses.get(parameter.name) ?? [], column);
    if (feature === null) continue;
    features.push(feature);
    codes.push(Uint8Array.from(column, (value) => feature.binOf(value)));
  }
  return { features, codes, values: Float64Array.from(subspace.rows, (row) => values[row]!) };
}

function predict({ splits, values, places }: Tree, codes: readonly Uint8Array[], row: number): number {
  if (splits.length === 0) return values[0]!;
  let node = 0;
  while (node >= 0) {
    const at = node * SPLIT_SIZE;
    const feature = splits[at]!;
    const bin = codes[feature]![row]!;
    const place = places[feature]?.[bin] ?? bin;
    node = splits[place < splits[at + 1]! ? at + 2 : at + 3]!;
  }
  return values[-1 - node]!;
}

function outOfBag(values: Float64Array, predicted: Float64Array, votes: Uint16Array): number {
  let count = 0;
  let sum = 0;
  for (const [row, value] of values.entries()) {
    if (votes[row]! === 0) continue;
    count++;
    sum += value;
  }
  let error = 0;
  let variance = 0;
  for (const [row, value] of values.entries()) {
    if (votes[row]! === 0) continue;
    error += (value - predicted[row]! / votes[row]!) ** 2;
    variance += (value - sum / count) ** 2;
  }
  return variance > 0 ? 1 - error / variance : 0;
}
