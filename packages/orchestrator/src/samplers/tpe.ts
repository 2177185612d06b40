import { buildParams } from '../space/points.ts';
import type { Params, Space } from '../space/types.ts';
import { draw } from '../space/unit.ts';
import type { Rng } from '../study/rng.ts';
import { middleOf } from './centre.ts';
import { Archive } from './parzen/archive.ts';
import { divide } from './parzen/division.ts';
import { conditionTrees } from './parzen/groups.ts';
import { Mixture } from './parzen/mixture.ts';
import { type Row, Tree } from './parzen/tree.ts';
import type { AskContext, Sampler, Suggestion } from './sampler.ts';
import { sobolPoint } from './sobol.ts';

export interface TpeOptions {
  /** Finished trials before the model is asked; points of the Sobol sequence until then. */
  readonly startupTrials: number;
  /** Whether the first trial is the centre of the space (parameters with a prior: its value). */
  readonly centre: boolean;
  /** Candidates drawn from the good trials' density for one suggestion. */
  readonly candidates: number;
  /** Share of the finished trials that are good, and the largest number of them. */
  readonly gamma: number;
  readonly maxGood: number;
  /** Largest number of kernels in the bad trials' density. */
  readonly maxBad: number;
  /** Weight of the distribution itself against one observation. */
  readonly priorWeight: number;
}

/** Of the score: the rest is the additive part, which puts together what was good in different trials. */
const JOINT_SHARE = 0.5;
/** Of the candidates: each condition tree is drawn from a kernel of its own. */
const MIXED_SHARE = 0.5;

/**
 * Tree-structured Parzen estimator (Bergstra et al., NeurIPS 2011), multivariate (Falkner et al., ICML 2018): densities
 * of good and of bad trials, and the candidate where their ratio is largest. One density spans all branches of the
 * condition tree, so that a whole branch is chosen by one score (parzen/mixture.ts).
 */
export function createTpeSampler(space: Space, options: TpeOptions, name = 'tpe'): Sampler {
  return new TpeSampler(space, options, name);
}

class TpeSampler implements Sampler {
  readonly name: string;
  readonly #options: TpeOptions;
  readonly #tree: Tree;
  readonly #trees: ReadonlyArray<readonly number[]>;
  readonly #archive: Archive;

  constructor(space: Space, options: TpeOptions, name: string) {
    this.name = name;
    this.#options = options;
    this.#tree = new Tree(space);
    this.#trees = conditionTrees(space);
    this.#archive = new Archive(this.#tree);
  }

  suggest(context: AskContext): Suggestion {
    this.#archive.update(context.history);
    if (this.#archive.ranked.size < this.#options.startupTrials) return { params: this.#startup(context) };
    return { params: this.#tree.decode(this.#best(context.rng)) };
  }

  #startup(context: AskContext): Params {
    const { space, number, rng } = context;
    if (number === 0) return believedGood(space, this.#options.centre, rng);
    return sobolPoint(context);
  }

  #best(rng: Rng): Row {
    const { candidates, priorWeight } = this.#options;
    const { good, bad } = divide(this.#archive, this.#tree.columns.length, this.#options);
    const better = new Mixture(this.#tree, this.#trees, good, priorWeight);
    const worse = new Mixture(this.#tree, this.#trees, bad, priorWeight);
    let best: Row | null = null;
    let highest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < candidates; c++) {
      const row = better.sample(rng, c < MIXED_SHARE * candidates);
      const score = better.logDensity(row, JOINT_SHARE) - worse.logDensity(row, JOINT_SHARE);
      if (best !== null && !(score > highest)) continue;
      best = row;
      highest = score;
    }
    return best!;
  }
}

/** The priors; the rest in the middle of its range, or drawn. */
function believedGood(space: Space, centre: boolean, rng: Rng): Params {
  return buildParams(
    space,
    ({ distribution, prior }) => prior ?? (centre ? middleOf(distribution) : draw(distribution, rng)),
  );
}
