import type { Rng } from '../../study/rng.ts';
import { Arena } from './arena.ts';
import { type Kernels, NEGLIGIBLE } from './kernels.ts';
import { LevelKernels } from './level-kernels.ts';
import { NumericKernels } from './numeric-kernels.ts';
import type { Row, Tree } from './tree.ts';

/** What a density is made of: one kernel per row. */
export interface Samples {
  /** Row-major, one row per kernel. */
  readonly rows: Float64Array;
  /** One per kernel, above 0. */
  readonly weights: Float64Array;
}

/** Tries at finding a kernel that has a parameter. */
const TAKEOVERS = 8;

/**
 * A density over the whole condition tree: a mixture of products, one kernel per observation and one that is the
 * distribution itself. A kernel whose observation lacks a parameter (it lies in another branch) takes that parameter
 * from the distribution, which makes one proper density of all branches: they compete by one score.
 *
 * Beside it stands its additive part: the product over the condition trees of the mixtures of each tree alone, which
 * puts together what was good in different trials. The score blends the logarithms of both.
 */
export class Mixture {
  readonly #tree: Tree;
  readonly #trees: ReadonlyArray<readonly number[]>;
  readonly #treeOf: Int32Array;
  readonly #kernels: readonly Kernels[];
  readonly #weights: Float64Array;
  readonly #logWeights: Float64Array;
  readonly #priorWeight: number;
  readonly #cumulative: Float64Array;
  /** Scratch, one place per kernel. */
  readonly #joint: Float64Array;
  readonly #part: Float64Array;

  /**
   * @param trees the condition trees (groups.ts).
   * @param priorWeight of the distribution itself, in the unit of the weights.
   * @param arena what the mixture is made of is cut from it: its reset is the mixture's end.
   */
  constructor(
    tree: Tree,
    trees: ReadonlyArray<readonly number[]>,
    { rows, weights }: Samples,
    priorWeight: number,
    arena: Arena = new Arena(),
  ) {
    const count = weights.length;
    const width = tree.columns.length;
    this.#tree = tree;
    this.#trees = trees;
    this.#treeOf = new Int32Array(width);
    for (const [t, members] of trees.entries()) for (const j of members) this.#treeOf[j] = t;
    this.#kernels = tree.columns.map((column, j) => {
      const codes = arena.floats(count);
      for (let k = 0; k < count; k++) codes[k] = rows[k * width + j]!;
      return column.levels === 0
        ? new NumericKernels(column, codes, arena)
        : new LevelKernels(column, codes, arena);
    });
    let total = priorWeight;
    for (let k = 0; k < count; k++) total += weights[k]!;
    this.#weights = arena.floats(count);
    this.#logWeights = arena.floats(count);
    this.#cumulative = arena.floats(count);
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const weight = weights[k]! / total;
      this.#weights[k] = weight;
      this.#logWeights[k] = Math.log(weight);
      this.#cumulative[k] = sum += weight;
    }
    this.#priorWeight = priorWeight / total;
    this.#joint = arena.floats(count);
    this.#part = arena.floats(count);
  }

  /**
   * A point: from one kernel, or, `mixed`, each condition tree from a kernel of its own. Where the draw of a parent led
   * into a branch that the kernel does not have, another kernel that has it takes over.
   */
  sample(rng: Rng, mixed: boolean): Row {
    const count = this.#weights.length;
    const kernelOf = new Int32Array(this.#trees.length);
    if (mixed) for (let t = 0; t < kernelOf.length; t++) kernelOf[t] = this.#drawKernel(rng);
    else kernelOf.fill(this.#drawKernel(rng));
    return this.#tree.build((j) => {
      const kernels = this.#kernels[j]!;
      let kernel = kernelOf[this.#treeOf[j]!]!;
      for (let tries = 0; kernel < count && !kernels.has(kernel) && tries < TAKEOVERS; tries++)
        kernel = this.#drawKernel(rng);
      if (kernel === count || !kernels.has(kernel)) return this.#tree.columns[j]!.at(rng.next());
      return kernels.sample(kernel, rng);
    });
  }

  /**
   * The log density relative to the distribution itself.
   * @param jointShare 1: of the joint mixture, 0: of the additive part, between: a blend of their logarithms.
   */
  logDensity(row: Row, jointShare: number): number {
    this.#joint.set(this.#logWeights);
    let additive = 0;
    for (const members of this.#trees) additive += this.#addTree(row, members);
    const joint = this.#logSum(this.#joint);
    return jointShare * joint + (1 - jointShare) * additive;
  }

  /** Adds the tree's log densities to the joint ones; returns the log of its own mixture. */
  #addTree(row: Row, members: readonly number[]): number {
    if (members.length > 1) return this.#addJoined(row, members);
    const j = members[0]!;
    return this.#kernels[j]!.addAlone(row[j]!, this.#joint, this.#weights, this.#priorWeight);
  }

  #addJoined(row: Row, members: readonly number[]): number {
    const [joint, part, weights] = [this.#joint, this.#part, this.#weights];
    part.fill(0);
    for (const j of members) {
      const code = row[j]!;
      if (!Number.isNaN(code)) this.#kernels[j]!.addLogs(code, part);
    }
    let sum = this.#priorWeight;
    for (let k = 0; k < part.length; k++) {
      const log = part[k]!;
      joint[k]! += log;
      if (log > NEGLIGIBLE) sum += weights[k]! * Math.exp(log);
    }
    return Math.log(sum);
  }

  #logSum(logs: Float64Array): number {
    const prior = Math.log(this.#priorWeight);
    let most = prior;
    for (let k = 0; k < logs.length; k++) if (logs[k]! > most) most = logs[k]!;
    let sum = Math.exp(prior - most);
    for (let k = 0; k < logs.length; k++) {
      const log = logs[k]! - most;
      if (log > NEGLIGIBLE) sum += Math.exp(log);
    }
    return most + Math.log(sum);
  }

  /** The number of kernels stands for the distribution itself. */
  #drawKernel(rng: Rng): number {
    const u = rng.next();
    const cumulative = this.#cumulative;
    let kernel = 0;
    while (kernel < cumulative.length && cumulative[kernel]! <= u) kernel++;
    return kernel;
  }
}
