import type { Feature } from './features.ts';
import type { Forest } from './fit-forest.ts';
import type { Tree } from './grow-tree.ts';

/**
 * Functional ANOVA of a forest (Hutter, Hoos & Leyton-Brown 2014, section 3): what its prediction owes to a parameter
 * alone and to two together, exactly, from the boxes of the leaves. The forest is a function of its own, the mean of its
 * trees, and it is that function which is decomposed; the noise that single trees have fitted averages out.
 */
export class Effects {
  readonly #forest: Forest;
  /** Tree by tree and feature by feature: share of the space below each place. */
  readonly #below: ReadonlyArray<readonly Float64Array[]>;
  /** Tree by tree: what a leaf adds to the forest's mean, its value times the volume of its box. */
  readonly #mass: readonly Float64Array[];
  /** The mean over the (sub)space. */
  readonly mean: number;

  constructor(forest: Forest) {
    this.#forest = forest;
    this.#below = forest.trees.map((tree) =>
      forest.features.map((feature, f) => sharesBelow(feature, tree.places[f]!)),
    );
    this.#mass = forest.trees.map((tree, t) => this.#masses(tree, this.#below[t]!));
    this.mean = this.#mass.reduce((sum, masses) => sum + masses.reduce((total, mass) => total + mass, 0), 0);
  }

  /** The main effect of a feature: one number per bin, mean 0 over the space. */
  main(feature: number): Float64Array {
    const { features, trees } = this.#forest;
    const { count, weights } = features[feature]!;
    const effect = new Float64Array(count);
    const steps = new Float64Array(count + 1);
    for (const [t, tree] of trees.entries()) {
      const below = this.#below[t]![feature]!;
      const mass = this.#mass[t]!;
      steps.fill(0);
      for (let leaf = 0, at = feature * tree.leaves; leaf < tree.leaves; leaf++, at++) {
        const [from, to] = [tree.from[at]!, tree.to[at]!];
        if (to - from === count) continue;
        const share = below[to]! - below[from]!;
        if (share === 0) continue;
        steps[from]! += mass[leaf]! / share;
        steps[to]! -= mass[leaf]! / share;
      }
      addUp(steps, tree.places[feature]!, effect);
    }
    centre(effect, weights);
    return effect;
  }

  /**
   * What the forest predicts per bin of a feature, the mean over all else, and how far its trees disagree (standard
   * deviation).
   */
  marginal(feature: number): { readonly mean: Float64Array; readonly deviation: Float64Array } {
    const { features, trees } = this.#forest;
    const { count } = features[feature]!;
    const mean = new Float64Array(count);
    const squares = new Float64Array(count);
    const steps = new Float64Array(count + 1);
    const curve = new Float64Array(count);
    for (const [t, tree] of trees.entries()) {
      const below = this.#below[t]![feature]!;
      steps.fill(0);
      for (let leaf = 0, at = feature * tree.leaves; leaf < tree.leaves; leaf++, at++) {
        const share = below[tree.to[at]!]! - below[tree.from[at]!]!;
        if (share === 0) continue;
        const height = (this.#mass[t]![leaf]! * trees.length) / share;
        steps[tree.from[at]!]! += height;
        steps[tree.to[at]!]! -= height;
      }
      curve.fill(0);
      addUp(steps, tree.places[feature]!, curve);
      for (const [bin, value] of curve.entries()) {
        mean[bin]! += value / trees.length;
        squares[bin]! += value * value;
      }
    }
    const deviation = squares.map((square, bin) =>
      Math.sqrt(Math.max(0, square - trees.length * mean[bin]! ** 2) / Math.max(1, trees.length - 1)),
    );
    return { mean, deviation };
  }

  /**
   * The interaction of two features beyond their main effects: rows of bins of the second per bin of the first, mean 0
   * along rows and columns.
   */
  interaction(first: number, second: number): Float64Array {
    const { features, trees } = this.#forest;
    const [a, b] = [features[first]!, features[second]!];
    const [rows, columns] = [a.count, b.count];
    const grid = new Float64Array(rows * columns);
    // Leaves that one of the two does not bound add to no interaction. The last row and column take what ends there.
    const stride = columns + 1;
    const shared = new Float64Array((rows + 1) * stride);
    const own = new Float64Array((rows + 1) * stride);
    for (const [t, tree] of trees.entries()) {
      const [belowA, belowB] = [this.#below[t]![first]!, this.#below[t]![second]!];
      const [placesA, placesB] = [tree.places[first]!, tree.places[second]!];
      const mass = this.#mass[t]!;
      // Trees that have no order of their own are summed before their corners are turned into cells.
      const isShared = placesA === null && placesB === null;
      const corners = isShared ? shared : own;
      const { from, to, leaves } = tree;
      const [startA, startB] = [first * leaves, second * leaves];
      for (let leaf = 0; leaf < leaves; leaf++) {
        const fromB = from[startB + leaf]!;
        const toB = to[startB + leaf]!;
        if (toB - fromB === columns) continue;
        const fromA = from[startA + leaf]!;
        const toA = to[startA + leaf]!;
        if (toA - fromA === rows) continue;
        const share = (belowA[toA]! - belowA[fromA]!) * (belowB[toB]! - belowB[fromB]!);
        if (share === 0) continue;
        const height = mass[leaf]! / share;
        corners[fromA * stride + fromB]! += height;
        corners[fromA * stride + toB]! -= height;
        corners[toA * stride + fromB]! -= height;
        corners[toA * stride + toB]! += height;
      }
      if (isShared) continue;
      addCells(own, stride, placesA, placesB, rows, grid);
      own.fill(0);
    }
    addCells(shared, stride, null, null, rows, grid);
    centreBoth(grid, a.weights, b.weights);
    return grid;
  }

  #masses(tree: Tree, below: readonly Float64Array[]): Float64Array {
    const width = below.length;
    return tree.values.map((value, leaf) => {
      let volume = 1;
      for (let f = 0; f < width; f++) {
        const at = f * tree.leaves + leaf;
        volume *= below[f]![tree.to[at]!]! - below[f]![tree.from[at]!]!;
      }
      return (value * volume) / this.#forest.trees.length;
    });
  }
}

/** The variance of an effect under the weights of its bins. */
export function varianceOf(effect: Float64Array, weights: Float64Array): number {
  return effect.reduce((sum, value, bin) => sum + weights[bin]! * value * value, 0);
}

/** The variance of an interaction of two features. */
export function jointVarianceOf(grid: Float64Array, first: Float64Array, second: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < first.length; row++) {
    let inRow = 0;
    for (let column = 0; column < second.length; column++)
      inRow += second[column]! * grid[row * second.length + column]! ** 2;
    sum += first[row]! * inRow;
  }
  return sum;
}

function sharesBelow({ weights, count }: Feature, places: Uint8Array | null): Float64Array {
  const below = new Float64Array(count + 1);
  if (places === null) below.set(weights, 1);
  else for (const [bin, place] of places.entries()) below[place + 1] = weights[bin]!;
  for (let place = 1; place <= count; place++) below[place]! += below[place - 1]!;
  return below;
}

function addUp(steps: Float64Array, places: Uint8Array | null, into: Float64Array): void {
  for (let place = 1; place < steps.length; place++) steps[place]! += steps[place - 1]!;
  for (let bin = 0; bin < into.length; bin++) into[bin]! += steps[places?.[bin] ?? bin]!;
}

function addCells(
  corners: Float64Array,
  stride: number,
  placesA: Uint8Array | null,
  placesB: Uint8Array | null,
  rows: number,
  into: Float64Array,
): void {
  const columns = stride - 1;
  for (let row = 0; row < rows; row++) {
    const at = row * stride;
    let running = 0;
    for (let column = 0; column < columns; column++) {
      running += corners[at + column]!;
      corners[at + column] = running + (row > 0 ? corners[at - stride + column]! : 0);
    }
  }
  for (let row = 0; row < rows; row++) {
    const from = (placesA?.[row] ?? row) * stride;
    for (let column = 0; column < columns; column++)
      into[row * columns + column]! += corners[from + (placesB?.[column] ?? column)]!;
  }
}

function centre(effect: Float64Array, weights: Float64Array): void {
  const mean = effect.reduce((sum, value, bin) => sum + weights[bin]! * value, 0);
  for (let bin = 0; bin < effect.length; bin++) effect[bin]! -= mean;
}

function centreBoth(grid: Float64Array, first: Float64Array, second: Float64Array): void {
  const columns = second.length;
  const ofColumns = new Float64Array(columns);
  for (let row = 0; row < first.length; row++) {
    const line = grid.subarray(row * columns, (row + 1) * columns);
    centre(line, second);
    for (let column = 0; column < columns; column++) ofColumns[column]! += first[row]! * line[column]!;
  }
  for (let at = 0; at < grid.length; at++) grid[at]! -= ofColumns[at % columns]!;
}
