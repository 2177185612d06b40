import { normalCdf, normalQuantile } from '../../space/normal.ts';
import { indexAtShare } from '../../space/shares.ts';
import type { Space } from '../../space/types.ts';
import { fromUnit, toUnit } from '../../space/unit.ts';
import type { Rng } from '../../study/rng.ts';
import { beliefWidth, hasBeliefs, logBelief } from '../belief.ts';
import { trustIn } from '../trust.ts';
import type { Archive } from './archive.ts';
import type { Column, Row, Tree } from './tree.ts';

/** Finished trials after which beliefs begin to fade, and after which nothing of them is left. */
const FULL_TRIALS = 10;
const FORGOTTEN_AFTER = 50;

/** What the user believes, over rows. */
export class Beliefs {
  /** Whether there are any. */
  readonly any: boolean;
  readonly #tree: Tree;
  readonly #believed: ReadonlyArray<{ readonly j: number; readonly draw: (rng: Rng) => number }>;
  readonly #drawOf: ReadonlyArray<((rng: Rng) => number) | null>;

  constructor(space: Space, tree: Tree) {
    this.any = hasBeliefs(space);
    this.#tree = tree;
    this.#drawOf = tree.columns.map((column) => beliefDraw(column));
    this.#believed = this.#drawOf.flatMap((draw, j) => (draw === null ? [] : [{ j, draw }]));
  }

  /**
   * How much they count, 0..1. As in piBO (Hvarfner et al., ICLR 2022) they fade with the data, faster there, because a
   * belief that is right has found its region by then. Beliefs that the data speak against are forgotten at once.
   */
  weight(archive: Archive): number {
    const finished = archive.ranked.size;
    if (!this.any || finished > FORGOTTEN_AFTER) return 0;
    return this.trust(archive) * Math.min(1, (FULL_TRIALS / Math.max(1, finished)) ** 2);
  }

  /** 0..1: how far the finished trials bear them out. */
  trust(archive: Archive): number {
    const { order } = archive.ranked;
    return trustIn(Float64Array.from(order, (number) => this.log(archive.row(number))));
  }

  /** The logarithm of the belief, 0 at its peak. */
  log(row: Row): number {
    let sum = 0;
    for (const { j } of this.#believed) {
      const column = this.#tree.columns[j]!;
      if (!Number.isNaN(row[j]!)) sum += logBelief(column.parameter, column.decode(row[j]!));
    }
    return sum;
  }

  /** A point as the user would draw it; parameters without a belief from the distribution. */
  draw(rng: Rng): Row {
    return this.#tree.build((j) => this.#drawOf[j]?.(rng) ?? this.#tree.columns[j]!.at(rng.next()));
  }
}

function beliefDraw(column: Column): ((rng: Rng) => number) | null {
  const { parameter, centres, levels, masses } = column;
  const { distribution, prior } = parameter;
  if (prior === undefined) return null;
  if (levels > 0 && centres === null) {
    const shares = Array.from(
      masses,
      (mass, level) => mass * Math.exp(logBelief(parameter, column.decode(level))),
    );
    const sum = shares.reduce((total, share) => total + share, 0);
    const probabilities = shares.map((share) => share / sum);
    return (rng) => indexAtShare(probabilities, rng.next());
  }
  const mean = toUnit(distribution, prior);
  const width = beliefWidth(parameter);
  const below = normalCdf(-mean / width);
  const inside = normalCdf((1 - mean) / width) - below;
  return (rng) => {
    const share = Math.min(1 - 2 ** -53, Math.max(2 ** -54, below + rng.next() * inside));
    return column.encode(
      fromUnit(distribution, Math.min(1, Math.max(0, mean + width * normalQuantile(share)))),
    );
  };
}
