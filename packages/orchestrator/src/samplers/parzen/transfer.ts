import { axisOf } from '../../space/axis.ts';
import type { Params, ParamValue } from '../../space/types.ts';
import { fromUnit, toUnit } from '../../space/unit.ts';
import type { TransferTask } from '../sampler.ts';
import { trustIn } from '../trust.ts';
import type { Archive } from './archive.ts';
import { conditionTrees } from './groups.ts';
import { Mixture, type Samples } from './mixture.ts';
import { joined, rankWeights } from './samples.ts';
import type { Column, Tree } from './tree.ts';

/** Per earlier task: the largest number of good and of bad trials that are taken over. */
const MAX_GOOD = 25;
const MAX_BAD = 50;
/** Weight of all of them together before there are trials of one's own, and how many of those halve it. */
const FULL_WEIGHT = 10;
const HALVED_AFTER = 10;

/** An earlier task is judged by the trials with lower numbers than this. */
const JUDGED_BY = 64;

/**
 * What earlier sweeps on related tasks say: their best trials enter the good density and some of the rest the bad one,
 * with a weight that fades as trials of one's own come in, and at once where these contradict. Losses only rank the
 * trials of their own task, so that their scales do not matter; parameters are matched by name, a number outside of the
 * range counts as the nearest end, and what has no counterpart is absent.
 */
export class Transfer {
  readonly #tasks: readonly EarlierTask[];

  constructor(tasks: readonly TransferTask[], gamma: number, tree: Tree) {
    this.#tasks = tasks
      .map(({ trials }) => new EarlierTask(trials, gamma, tree))
      .filter(({ good }) => good.weights.length > 0);
  }

  get isEmpty(): boolean {
    return this.#tasks.length === 0;
  }

  /** Kernels for both densities: for each task, and with weights that the sweep's own trials leave it. */
  samples(archive: Archive): { readonly good: Samples; readonly bad: Samples } {
    const fading = HALVED_AFTER / (HALVED_AFTER + archive.ranked.size);
    const share = (FULL_WEIGHT * fading) / this.#tasks.length;
    const parts = this.#tasks
      .map((task) => ({ task, weight: share * task.trust(archive) }))
      .filter(({ weight }) => weight > 0);
    return {
      good: joined(parts.map(({ task, weight }) => scaled(task.good, weight))),
      bad: joined(parts.map(({ task, weight }) => scaled(task.bad, weight))),
    };
  }
}

class EarlierTask {
  readonly good: Samples;
  readonly bad: Samples;
  readonly #ratio: (row: Float64Array) => number;
  /** What this task says of the sweep's own trials, by number. */
  readonly #opinions = new Map<number, number>();

  constructor(trials: TransferTask['trials'], gamma: number, tree: Tree) {
    const ranked = trials.filter(({ loss }) => !Number.isNaN(loss)).sort((a, b) => compare(a.loss, b.loss));
    const rows = ranked.map(({ params }) => matched(params, tree));
    const count = Math.min(MAX_GOOD, Math.ceil(gamma * rows.length));
    const weights = rankWeights(count);
    const rest = rows.length - count;
    const kept = Math.min(MAX_BAD, rest);
    const others = Array.from(
      { length: kept },
      (_, i) => rows[count + Math.floor(((i + 0.5) * rest) / kept)]!,
    );
    const width = tree.columns.length;
    this.good = samplesOf(
      rows.slice(0, count).map((row, r) => ({ row, weight: weights[r]! })),
      width,
    );
    this.bad = samplesOf(
      others.map((row) => ({ row, weight: 1 })),
      width,
    );
    const trees = conditionTrees(tree.columns.map(({ parameter }) => parameter));
    const good = new Mixture(tree, trees, this.good, 1);
    const bad = new Mixture(tree, trees, this.bad, 1);
    this.#ratio = (row) => good.logDensity(row, 0.5) - bad.logDensity(row, 0.5);
  }

  trust(archive: Archive): number {
    const judges = archive.ranked.order.filter((number) => number < JUDGED_BY);
    return trustIn(Float64Array.from(judges, (number) => this.#opinion(number, archive)));
  }

  #opinion(number: number, archive: Archive): number {
    const known = this.#opinions.get(number);
    if (known !== undefined) return known;
    const opinion = this.#ratio(archive.row(number));
    this.#opinions.set(number, opinion);
    return opinion;
  }
}

interface Row {
  readonly row: Float64Array;
  readonly weight: number;
}

/** Those that have nothing in common with this space are left out. */
function samplesOf(all: readonly Row[], width: number): Samples {
  const telling = all.filter(({ row }) => row.some((code) => !Number.isNaN(code)));
  const rows = new Float64Array(telling.length * width);
  for (const [k, { row }] of telling.entries()) rows.set(row, k * width);
  return { rows, weights: Float64Array.from(telling, ({ weight }) => weight) };
}

/** The weights sum to `total`. */
function scaled({ rows, weights }: Samples, total: number): Samples {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return { rows, weights: weights.map((weight) => (weight * total) / sum) };
}

function matched(params: Params, tree: Tree): Float64Array {
  return Float64Array.from(tree.columns, (column) => {
    const { name } = column.parameter;
    return Object.hasOwn(params, name) ? nearestCode(column, params[name]!) : Number.NaN;
  });
}

function nearestCode(column: Column, value: ParamValue): number {
  const { distribution } = column.parameter;
  const exact = column.encode(value);
  if (axisOf(distribution).kind === 'choices') return exact;
  if (typeof value !== 'number') return Number.NaN;
  if (column.levels > 0 && !Number.isNaN(exact)) return exact;
  const unit = toUnit(distribution, value);
  if (Number.isNaN(unit)) return Number.NaN;
  return column.encode(fromUnit(distribution, Math.min(1, Math.max(0, unit))));
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
