import type { Space } from '../space/types.ts';
import { learnsFromParts } from './gp/curve-steps.ts';
import { Encoding } from './gp/encoding.ts';
import { Goals } from './gp/goal.ts';
import { Novelty } from './gp/novelty.ts';
import { parentsOf } from './gp/parents.ts';
import { boxPool, globalPool } from './gp/pool.ts';
import { boxAround, wholeCube } from './gp/region.ts';
import { Search } from './gp/search.ts';
import { startingPoint } from './gp/startup.ts';
import type { Observation } from './gp/training-data.ts';
import { asksForBox } from './gp/trust-region.ts';
import type { AskContext, Sampler, Suggestion } from './sampler.ts';
import { sobolPoint } from './sobol.ts';

export interface GpOptions {
  /** Finished trials before the model is asked; points of a Sobol sequence until then. */
  readonly startupTrials: number;
  /** Whether the first trial is the middle of the space, or what the priors name. */
  readonly centre: boolean;
  /** Whether the scale of each number is learned with the model: `InputWarp`. */
  readonly inputWarping: boolean;
}

const PARENTS = 5;
/** Observations beyond which a search takes fewer starts. */
const MANY = 250;

/**
 * Bayesian optimisation with a Gaussian process: Matérn-5/2 kernels over all parameters together and over each
 * condition tree by itself, hyperparameters of largest posterior density, the trial of largest expected improvement
 * (Jones, Schonlau and Welch, "Efficient Global Optimization", 1998), on odd trials within a box around the best.
 */
export function createGpSampler(space: Space, options: GpOptions, name = 'gp'): Sampler {
  return new GpSampler(space, options, name);
}

/** What depends on whether parts of trials are observed. */
interface Engine {
  readonly encoding: Encoding;
  readonly goals: Goals;
}

class GpSampler implements Sampler {
  readonly name: string;
  readonly #options: GpOptions;
  readonly #isEmpty: boolean;
  readonly #engines = new Map<boolean, Engine>();

  constructor(space: Space, options: GpOptions, name: string) {
    this.name = name;
    this.#options = options;
    this.#isEmpty = new Encoding(space).columns.length === 0;
  }

  suggest(context: AskContext): Suggestion {
    const start = startingPoint(context, this.#options);
    if (start !== null) return start;
    if (this.#isEmpty) return { params: sobolPoint(context), why: 'start' };
    return this.#fromModel(this.#engine(context), context);
  }

  #engine(context: AskContext): Engine {
    const { space, transfer, history, objectives } = context;
    const hasFidelity = objectives === 1 && learnsFromParts(history);
    let engine = this.#engines.get(hasFidelity);
    if (engine === undefined) {
      const encoding = new Encoding(space, transfer.length, hasFidelity);
      engine = { encoding, goals: new Goals(encoding, context, this.#options.inputWarping) };
      this.#engines.set(hasFidelity, engine);
    }
    return engine;
  }

  #fromModel({ encoding, goals }: Engine, context: AskContext): Suggestion {
    const { space, history, number, rng } = context;
    const { acquisition, ranked, fitted, side, why } = goals.of(context, this.#options.startupTrials);
    const { posterior } = fitted;
    const parents = parentsOf(encoding, ranked, PARENTS, rng);
    const isBox = asksForBox(number) && parents.length > 0;
    const region = isBox
      ? boxAround(parents[0]!, side, posterior.kernel)
      : wholeCube(encoding.columns.length);
    const pool = isBox
      ? boxPool(encoding, parents[0]!, region, posterior.size, rng)
      : globalPool(encoding, parents, region, posterior.size, rng);
    const novelty = new Novelty(space, encoding, history);
    const search = new Search(encoding, acquisition, region);
    const candidates = search.run(novelty.distinct(pool), effort(posterior.size));
    return {
      params: novelty.first(candidates, rng),
      why: isBox ? `${why} in a box around ${nameOf(ranked[0]!)}` : why,
    };
  }
}

function effort(observations: number): { starts: number; evaluations: number; rounds: number } {
  return { starts: observations > MANY ? 4 : 6, evaluations: observations > MANY ? 25 : 40, rounds: 3 };
}

function nameOf({ source, number }: Observation): string {
  return typeof source === 'number' ? `the best of earlier sweep ${source + 1}` : `trial ${number}`;
}
