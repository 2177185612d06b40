import { axisOf } from '../space/axis.ts';
import { buildParams, drawParams, pointKey } from '../space/points.ts';
import type { Params, Space } from '../space/types.ts';
import { fromUnit } from '../space/unit.ts';
import type { Rng } from '../study/rng.ts';
import { LogExpectedImprovement } from './gp/acquisition.ts';
import { completed, drawPoint, mutate, type Region } from './gp/candidates.ts';
import { Encoding } from './gp/encoding.ts';
import { Model } from './gp/model.ts';
import { boxAround, wholeCube } from './gp/region.ts';
import { type Candidate, Search } from './gp/search.ts';
import { type Observation, TrainingData } from './gp/training-data.ts';
import { asksForBox, boxSide } from './gp/trust-region.ts';
import type { AskContext, ObservedTrial, Sampler, Suggestion } from './sampler.ts';
import { sobolPoint } from './sobol.ts';

export interface GpOptions {
  /** Finished trials before the model is asked; points of a Sobol sequence until then. */
  readonly startupTrials: number;
  /** Whether the first trial is the middle of the space, or what the priors name. */
  readonly centre: boolean;
}

const RANDOM_POINTS = 400;
const MUTATIONS = 200;
const PARENTS = 5;
const EFFORT = { starts: 6, evaluations: 40, rounds: 3 };
/** Draws before a point that was tried already is suggested again. */
const MAX_DRAWS = 50;

/**
 * Bayesian optimisation with a Gaussian process: Matérn-5/2 kernels over all parameters together and over each
 * condition tree by itself, hyperparameters of largest posterior density, the trial of largest expected improvement
 * (Jones, Schonlau and Welch, "Efficient Global Optimization", 1998), on odd trials within a box around the best.
 */
export function createGpSampler(space: Space, options: GpOptions, name = 'gp'): Sampler {
  return new GpSampler(space, options, name);
}

class GpSampler implements Sampler {
  readonly name: string;
  readonly #options: GpOptions;
  readonly #encoding: Encoding;
  readonly #data: TrainingData;
  #model: Model | null = null;

  constructor(space: Space, options: GpOptions, name: string) {
    this.name = name;
    this.#options = options;
    this.#encoding = new Encoding(space);
    this.#data = new TrainingData(this.#encoding);
  }

  suggest(context: AskContext): Suggestion {
    const { space, number, history, seed } = context;
    const observations = this.#data.observe(history);
    if (number === 0 && this.#options.centre) return { params: centreOf(space), why: 'start: the centre' };
    if (observations.length < Math.max(1, this.#options.startupTrials) || this.#encoding.columns.length === 0)
      return { params: sobolPoint(context), why: 'start' };
    this.#model ??= new Model(this.#encoding, seed);
    return this.#fromModel(this.#model, observations, context);
  }

  #fromModel(
    model: Model,
    observations: readonly Observation[],
    { space, history, number, rng }: AskContext,
  ): Suggestion {
    const pending = history
      .filter(({ state }) => state === 'running')
      .map((trial) => this.#data.pointOf(trial));
    const { posterior, y } = model.update(observations, pending);
    const ranked = [...y.keys()].sort((a, b) => y[a]! - y[b]!);
    const best = observations[ranked[0]!]!;
    const parents = this.#parents(ranked.slice(0, PARENTS), ranked, observations, history, rng);
    const isBox = asksForBox(number);
    const width = this.#encoding.columns.length;
    const region = isBox
      ? boxAround(parents[0]!, boxSide(observations, this.#options.startupTrials), posterior.kernel)
      : wholeCube(width);
    const search = new Search(this.#encoding, new LogExpectedImprovement(posterior, y[ranked[0]!]!), region);
    const candidates = search.run(this.#pool(parents, region, isBox, rng), EFFORT);
    const params = this.#firstNew(candidates, space, history, rng);
    return { params, why: isBox ? `log-EI in a box around trial ${best.number}` : 'log-EI' };
  }

  /** The best trials as full points: what they lack comes from the best trial that has it. */
  #parents(
    chosen: readonly number[],
    ranked: readonly number[],
    observations: readonly Observation[],
    history: readonly ObservedTrial[],
    rng: Rng,
  ): Float64Array[] {
    const { columns, isConditional } = this.#encoding;
    const has = (index: number, c: number): boolean =>
      Object.hasOwn(history[observations[index]!.number]!.params, columns[c]!.parameter.name);
    const donors = columns.map((_, c) => {
      if (!isConditional) return null;
      const donor = ranked.find((index) => has(index, c));
      return donor === undefined ? null : observations[donor]!.point[c]!;
    });
    return chosen.map((index) =>
      completed(this.#encoding, observations[index]!.point, (c) => has(index, c), donors, rng),
    );
  }

  #pool(parents: readonly Float64Array[], region: Region, isBox: boolean, rng: Rng): Float64Array[] {
    const pool: Float64Array[] = [];
    for (let i = 0; i < RANDOM_POINTS; i++) {
      const point = drawPoint(this.#encoding, region, rng);
      // In the box the choices of the best trial are left only now and then.
      if (isBox)
        for (let c = 0; c < point.length; c++)
          if (this.#encoding.isChoice[c] === 1 && rng.next() < 0.8) point[c] = parents[0]![c]!;
      pool.push(point);
    }
    for (let i = 0; i < MUTATIONS; i++)
      pool.push(mutate(this.#encoding, parents[isBox ? 0 : i % parents.length]!, region, rng));
    return pool;
  }

  #firstNew(
    candidates: readonly Candidate[],
    space: Space,
    history: readonly ObservedTrial[],
    rng: Rng,
  ): Params {
    const tried = new Set(history.map(({ params }) => pointKey(space, params)));
    for (const { full } of candidates) {
      const params = this.#encoding.decode(full);
      if (!tried.has(pointKey(space, params))) return params;
    }
    for (let i = 0; i < MAX_DRAWS; i++) {
      const params = drawParams(space, rng);
      if (!tried.has(pointKey(space, params))) return params;
    }
    return this.#encoding.decode(candidates[0]!.full);
  }
}

/** The believed value where there is one, else the middle; of unordered choices the first that is likeliest. */
function centreOf(space: Space): Params {
  return buildParams(space, ({ distribution, prior }) => {
    if (prior !== undefined) return prior;
    const axis = axisOf(distribution);
    if (axis.kind === 'numeric') return fromUnit(distribution, 0.5);
    return axis.values[axis.probabilities.indexOf(Math.max(...axis.probabilities))]!;
  });
}
