import type { Space } from '../space/types.ts';
import { Archive } from './parzen/archive.ts';
import { Arena } from './parzen/arena.ts';
import { Beliefs } from './parzen/beliefs.ts';
import { type DivisionSizes, divide } from './parzen/division.ts';
import { FiniteSpace } from './parzen/finite-space.ts';
import { FirstTrials } from './parzen/first-trials.ts';
import { conditionTrees } from './parzen/groups.ts';
import { Mixture } from './parzen/mixture.ts';
import { Proposals } from './parzen/proposals.ts';
import { Transfer } from './parzen/transfer.ts';
import { type Row, Tree } from './parzen/tree.ts';
import type { AskContext, Sampler, Suggestion } from './sampler.ts';

export interface TpeOptions extends DivisionSizes {
  /** Finished trials before the model is asked; points of the Sobol sequence until then. */
  readonly startupTrials: number;
  /** Whether the first trial is the centre of the space; parameters with a prior begin there in any case. */
  readonly centre: boolean;
  /** Candidates drawn from the good trials' density for one suggestion. */
  readonly candidates: number;
  /** Weight of the distribution itself against one observation. */
  readonly priorWeight: number;
}

/** With results of earlier tasks, or beliefs that hold, the model is asked after this share of the first trials. */
const STARTUP_WITH_TRANSFER = 0.2;
const STARTUP_WITH_BELIEFS = 0.5;

/**
 * Tree-structured Parzen estimator (Bergstra et al., NeurIPS 2011), multivariate (Falkner et al., ICML 2018): densities
 * of good and of bad trials, and the candidate where their ratio is largest. One density spans all branches of the
 * condition tree, so that a whole branch is chosen by one score (parzen/mixture.ts). Several objectives as in Ozaki et
 * al., JAIR 73, 2022.
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
  readonly #beliefs: Beliefs;
  readonly #first: FirstTrials;
  readonly #proposals: Proposals;
  readonly #arena = new Arena();
  /** Of `context.transfer`, which stays the same; null before the first ask. */
  #transfer: Transfer | null = null;

  constructor(space: Space, options: TpeOptions, name: string) {
    this.name = name;
    this.#options = options;
    this.#tree = new Tree(space);
    this.#trees = conditionTrees(space);
    this.#archive = new Archive(this.#tree);
    this.#beliefs = new Beliefs(space, this.#tree);
    this.#first = new FirstTrials(space, this.#tree, this.#beliefs, options.centre);
    const finite = new FiniteSpace(space, this.#tree);
    this.#proposals = new Proposals(this.#tree, finite, this.#archive.points);
  }

  suggest(context: AskContext): Suggestion {
    this.#archive.update(context.history);
    this.#transfer ??= new Transfer(context.transfer, this.#options.gamma, this.#tree);
    const transfer = this.#transfer.isEmpty ? null : this.#transfer;
    if (this.#archive.ranked.size < this.#startup(transfer !== null)) {
      const first = this.#first.next(context, this.#archive);
      if (first !== null) return { params: first };
    }
    return { params: this.#tree.decode(this.#modelled(context, transfer)) };
  }

  #startup(hasTransfer: boolean): number {
    const { startupTrials } = this.#options;
    if (hasTransfer) return Math.ceil(STARTUP_WITH_TRANSFER * startupTrials);
    const isTrusted = this.#beliefs.any && this.#beliefs.trust(this.#archive) > 0.5;
    return isTrusted ? Math.ceil(STARTUP_WITH_BELIEFS * startupTrials) : startupTrials;
  }

  #modelled({ rng }: AskContext, transfer: Transfer | null): Row {
    const { candidates, priorWeight } = this.#options;
    const archive = this.#archive;
    this.#arena.reset();
    const { good, bad } = divide(archive, this.#tree.columns.length, this.#options, transfer);
    const model = {
      good: new Mixture(this.#tree, this.#trees, good, priorWeight, this.#arena),
      bad: new Mixture(this.#tree, this.#trees, bad, priorWeight, this.#arena),
      beliefs: this.#beliefs,
      beliefWeight: this.#beliefs.weight(archive),
    };
    return this.#proposals.best(model, candidates, rng);
  }
}
