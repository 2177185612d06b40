import type { Rng } from '../../study/rng.ts';
import type { Beliefs } from './beliefs.ts';
import type { FiniteSpace } from './finite-space.ts';
import type { KnownPoints } from './known-points.ts';
import type { Mixture } from './mixture.ts';
import type { Row, Tree } from './tree.ts';

/** Of the score: the rest is the additive part, which puts together what was good in different trials. */
const JOINT_SHARE = 0.5;
/** Of the candidates: each condition tree is drawn from a kernel of its own. */
const MIXED_SHARE = 0.5;
/** Of the candidates, while beliefs count in full: drawn from them. */
const BELIEVED_SHARE = 0.5;
/** Draws per candidate that is wanted: some are points that have been tried. */
const DRAWS = 3;
/** Of the points that are left where all candidates have been tried, so many are looked at. */
const LEFT_LOOKED_AT = 256;

export interface Model {
  readonly good: Mixture;
  readonly bad: Mixture;
  readonly beliefs: Beliefs;
  /** 0..1: how much the beliefs count. */
  readonly beliefWeight: number;
}

/** The point with the highest ratio of the good density to the bad one among candidates that have not been tried. */
export class Proposals {
  readonly #tree: Tree;
  readonly #finite: FiniteSpace;
  readonly #known: KnownPoints;

  constructor(tree: Tree, finite: FiniteSpace, known: KnownPoints) {
    this.#tree = tree;
    this.#finite = finite;
    this.#known = known;
  }

  /** @param candidates drawn from the good density. */
  best(model: Model, candidates: number, rng: Rng): Row {
    const search = new Search(model);
    let wanted = candidates;
    for (let draws = 0; draws < DRAWS * candidates && wanted > 0; draws++) {
      const row = this.#candidate(model, 1 - wanted / candidates, rng);
      if (this.#known.has(row)) continue;
      search.look(row);
      wanted--;
    }
    return search.best ?? this.#oneLeft(search, rng) ?? model.good.sample(rng, true);
  }

  /** @param progress 0..1, how many of the candidates there are already. */
  #candidate({ good, beliefs, beliefWeight }: Model, progress: number, rng: Rng): Row {
    if (beliefs.any && rng.next() < BELIEVED_SHARE * beliefWeight) return beliefs.draw(rng);
    return good.sample(rng, progress < MIXED_SHARE);
  }

  /** All candidates have been tried: one that has not, if there is any. */
  #oneLeft(search: Search, rng: Rng): Row | null {
    if (this.#known.size >= this.#finite.size) return null;
    for (let i = 0; i < LEFT_LOOKED_AT; i++) {
      const row = this.#tree.draw(rng);
      if (!this.#known.has(row)) search.look(row);
    }
    if (search.best !== null) return search.best;
    for (const row of sampled(this.#finite.unknown(this.#known), LEFT_LOOKED_AT, rng)) search.look(row);
    return search.best;
  }
}

class Search {
  best: Row | null = null;
  readonly #model: Model;
  #highest = Number.NEGATIVE_INFINITY;

  constructor(model: Model) {
    this.#model = model;
  }

  look(row: Row): void {
    const { good, bad, beliefs, beliefWeight } = this.#model;
    let score = good.logDensity(row, JOINT_SHARE) - bad.logDensity(row, JOINT_SHARE);
    if (beliefs.any) score += beliefWeight * beliefs.log(row);
    if (this.best !== null && !(score > this.#highest)) return;
    this.best = row;
    this.#highest = score;
  }
}

/** A random `size` of all, in one pass (reservoir sampling). */
function sampled(all: Iterable<Row>, size: number, rng: Rng): Row[] {
  const chosen: Row[] = [];
  let seen = 0;
  for (const row of all) {
    seen++;
    if (chosen.length < size) chosen.push(row);
    else {
      const at = rng.int(seen);
      if (at < size) chosen[at] = row;
    }
  }
  return chosen;
}
