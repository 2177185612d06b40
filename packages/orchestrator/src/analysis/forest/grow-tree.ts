import type { Rng } from '../../study/rng.ts';
import type { Feature } from './features.ts';

/** Trials as bins: what trees are grown from. */
export interface BinnedTrials {
  readonly features: readonly Feature[];
  /** One array per feature, one bin per trial. */
  readonly codes: readonly Uint8Array[];
  readonly values: Float64Array;
}

/**
 * A regression tree, as the boxes of its leaves. Of an unordered feature a box holds what stands between two places of
 * the tree's own order of the choices.
 */
export interface Tree {
  readonly leaves: number;
  /** First bin (place) and the one behind the last, feature by feature and in it leaf by leaf. */
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly values: Float64Array;
  /** Of each unordered feature, the place of every choice; null where bins stand in order. */
  readonly places: ReadonlyArray<Uint8Array | null>;
  /** Inner nodes: what they ask (feature, first bin of the right side) and where it leads; negative: leaf -1 - n. */
  readonly splits: Int32Array;
}

/** A leaf keeps at least so many trials, counted as often as the bootstrap drew them. */
const MIN_LEAF = 2;
/** Nodes of at most this many trials are sorted, larger ones counted into bins. */
const SORTED_UP_TO = 12;

interface Node {
  readonly from: number;
  readonly to: number;
  readonly low: Uint8Array;
  readonly high: Uint8Array;
  /** Where in `splits` this node's number belongs; -1 for the root. */
  readonly slot: number;
}

/** The best split so far of the node at hand. */
interface SplitSearch {
  readonly count: number;
  readonly sum: number;
  gain: number;
  feature: number;
  /** The last bin of the left side that has trials, and the first one of the right side. */
  left: number;
  right: number;
}

/** How many numbers an inner node takes: feature, cut, left, right. */
export const SPLIT_SIZE = 4;

/**
 * A CART regression tree (Breiman et al. 1984): at each node the split of least squared error over all features.
 * Choices without order stand by their mean result in this tree's sample, for which the best of all subsets is found
 * by looking at the neighbours alone (Breiman et al. 1984, theorem 4.5).
 * @param weights how often each trial counts
 */
export function growTree(data: BinnedTrials, weights: Uint16Array, rng: Rng): Tree {
  return new Grower(data, weights, rng).grow();
}

class Grower {
  readonly #values: Float64Array;
  readonly #weights: Uint16Array;
  readonly #codes: readonly Uint8Array[];
  readonly #places: ReadonlyArray<Uint8Array | null>;
  readonly #counts: readonly number[];
  readonly #rng: Rng;
  readonly #rows: Int32Array;
  readonly #binCounts = new Float64Array(256);
  readonly #binSums = new Float64Array(256);
  /** Of the rows of the node at hand: how often each counts, and its value times that. */
  readonly #rowCounts: Float64Array;
  readonly #rowSums: Float64Array;
  readonly #sorted = new Int32Array(SORTED_UP_TO);
  readonly #boxes: Node[] = [];
  readonly #leafValues: number[] = [];
  readonly #splits: number[] = [];

  constructor({ features, codes, values }: BinnedTrials, weights: Uint16Array, rng: Rng) {
    this.#values = values;
    this.#weights = weights;
    this.#rng = rng;
    this.#counts = features.map(({ count }) => count);
    this.#rows = Int32Array.from(weights.keys()).filter((row) => weights[row]! > 0);
    this.#rowCounts = new Float64Array(this.#rows.length);
    this.#rowSums = new Float64Array(this.#rows.length);
    this.#places = features.map(({ isOrdered, count }, f) =>
      isOrdered ? null : this.#orderByMean(codes[f]!, count),
    );
    this.#codes = codes.map((code, f) => {
      const places = this.#places[f]!;
      return places === null ? code : code.map((bin) => places[bin]!);
    });
  }

  grow(): Tree {
    const width = this.#counts.length;
    const stack: Node[] = [
      {
        from: 0,
        to: this.#rows.length,
        low: new Uint8Array(width),
        high: Uint8Array.from(this.#counts),
        slot: -1,
      },
    ];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) this.#visit(node, stack);
    const leaves = this.#leafValues.length;
    const from = new Uint8Array(leaves * width);
    const to = new Uint8Array(leaves * width);
    for (const [leaf, { low, high }] of this.#boxes.entries()) {
      for (let f = 0; f < width; f++) {
        from[f * leaves + leaf] = low[f]!;
        to[f * leaves + leaf] = high[f]!;
      }
    }
    return {
      leaves,
      from,
      to,
      values: Float64Array.from(this.#leafValues),
      places: this.#places,
      splits: Int32Array.from(this.#splits),
    };
  }

  #visit(node: Node, stack: Node[]): void {
    const { from, to, low, high, slot } = node;
    const [rows, rowCounts, rowSums] = [this.#rows, this.#rowCounts, this.#rowSums];
    let count = 0;
    let sum = 0;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const weight = this.#weights[row]!;
      rowCounts[i] = weight;
      rowSums[i] = weight * this.#values[row]!;
      count += weight;
      sum += rowSums[i]!;
    }
    const found = count < 2 * MIN_LEAF || to - from < 2 ? null : this.#bestSplit(node, count, sum);
    if (found === null) {
      if (slot >= 0) this.#splits[slot] = -1 - this.#leafValues.length;
      this.#boxes.push(node);
      this.#leafValues.push(sum / count);
      return;
    }
    const number = this.#splits.length / SPLIT_SIZE;
    if (slot >= 0) this.#splits[slot] = number;
    this.#splits.push(found.feature, found.cut, 0, 0);
    const middle = this.#partition(from, to, this.#codes[found.feature]!, found.cut);
    const [leftHigh, rightLow] = [high.slice(), low.slice()];
    leftHigh[found.feature] = found.cut;
    rightLow[found.feature] = found.cut;
    const at = number * SPLIT_SIZE;
    stack.push({ from: middle, to, low: rightLow, high, slot: at + 3 });
    stack.push({ from, to: middle, low, high: leftHigh, slot: at + 2 });
  }

  /** @returns null where no split makes the error smaller. */
  #bestSplit(node: Node, count: number, sum: number): { feature: number; cut: number } | null {
    const { low, high } = node;
    const width = this.#counts.length;
    const whole = (sum * sum) / count;
    const search: SplitSearch = {
      count,
      sum,
      gain: whole + 1e-12 * (1 + Math.abs(whole)),
      feature: -1,
      left: 0,
      right: 0,
    };
    const isSmall = node.to - node.from <= SORTED_UP_TO;
    // Begins anywhere, so that of equally good features none is always the first.
    const first = this.#rng.int(width);
    for (let k = 0; k < width; k++) {
      const f = first + k < width ? first + k : first + k - width;
      if (high[f]! - low[f]! < 2) continue;
      if (isSmall) this.#scanSorted(node, f, search);
      else this.#scanBins(node, f, search);
    }
    // Bins without a trial between the two sides are shared out evenly.
    return search.feature < 0
      ? null
      : { feature: search.feature, cut: (search.left + search.right + 1) >> 1 };
  }

  #scanBins({ from, to, low, high }: Node, feature: number, search: SplitSearch): void {
    const [rows, rowCounts, rowSums] = [this.#rows, this.#rowCounts, this.#rowSums];
    const [counts, sums] = [this.#binCounts, this.#binSums];
    const code = this.#codes[feature]!;
    const [start, end] = [low[feature]!, high[feature]!];
    counts.fill(0, start, end);
    sums.fill(0, start, end);
    for (let i = from; i < to; i++) {
      const bin = code[rows[i]!]!;
      counts[bin]! += rowCounts[i]!;
      sums[bin]! += rowSums[i]!;
    }
    let leftCount = 0;
    let leftSum = 0;
    let last = -1;
    for (let bin = start; bin < end; bin++) {
      if (counts[bin] === 0) continue;
      this.#consider(search, feature, last, bin, leftCount, leftSum);
      leftCount += counts[bin]!;
      leftSum += sums[bin]!;
      last = bin;
    }
  }

  #scanSorted({ from, to }: Node, feature: number, search: SplitSearch): void {
    const [rows, rowCounts, rowSums, sorted] = [this.#rows, this.#rowCounts, this.#rowSums, this.#sorted];
    const code = this.#codes[feature]!;
    const size = to - from;
    for (let i = 0; i < size; i++) {
      // Bin and row in one number, which sorts by the bin.
      const key = (code[rows[from + i]!]! << 8) | i;
      let at = i;
      for (; at > 0 && sorted[at - 1]! > key; at--) sorted[at] = sorted[at - 1]!;
      sorted[at] = key;
    }
    let leftCount = 0;
    let leftSum = 0;
    let last = sorted[0]! >> 8;
    for (let k = 0; k < size; k++) {
      const bin = sorted[k]! >> 8;
      if (bin !== last) {
        this.#consider(search, feature, last, bin, leftCount, leftSum);
        last = bin;
      }
      const i = from + (sorted[k]! & 255);
      leftCount += rowCounts[i]!;
      leftSum += rowSums[i]!;
    }
  }

  /** The split between two neighbouring bins that have trials. */
  #consider(
    search: SplitSearch,
    feature: number,
    left: number,
    right: number,
    leftCount: number,
    leftSum: number,
  ): void {
    const rightCount = search.count - leftCount;
    if (leftCount < MIN_LEAF || rightCount < MIN_LEAF) return;
    const rightSum = search.sum - leftSum;
    const gain = (leftSum * leftSum) / leftCount + (rightSum * rightSum) / rightCount;
    if (gain <= search.gain) return;
    search.gain = gain;
    search.feature = feature;
    search.left = left;
    search.right = right;
  }

  #partition(from: number, to: number, code: Uint8Array, cut: number): number {
    const rows = this.#rows;
    let i = from;
    let j = to - 1;
    while (i <= j) {
      if (code[rows[i]!]! < cut) {
        i++;
        continue;
      }
      const row = rows[i]!;
      rows[i] = rows[j]!;
      rows[j] = row;
      j--;
    }
    return i;
  }

  /** Choices that this sample does not have stand in the middle, where they are pulled to neither side. */
  #orderByMean(code: Uint8Array, count: number): Uint8Array {
    const counts = new Float64Array(count);
    const sums = new Float64Array(count);
    let total = 0;
    let totalSum = 0;
    for (const row of this.#rows) {
      const weight = this.#weights[row]!;
      counts[code[row]!]! += weight;
      sums[code[row]!]! += weight * this.#values[row]!;
      total += weight;
      totalSum += weight * this.#values[row]!;
    }
    const means = sums.map((sum, bin) => (counts[bin]! > 0 ? sum / counts[bin]! : totalSum / total));
    const order = Array.from(means.keys()).sort((a, b) => means[a]! - means[b]! || a - b);
    const places = new Uint8Array(count);
    for (const [place, bin] of order.entries()) places[bin] = place;
    return places;
  }
}
