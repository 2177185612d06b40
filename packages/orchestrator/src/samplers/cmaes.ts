import { drawParams } from '../space/points.ts';
import type { Params, Space } from '../space/types.ts';
import type { Rng } from '../study/rng.ts';
import { Coordinates } from './cma/coordinates.ts';
import { normalVector, pointAt } from './cma/gaussian.ts';
import { mirroredNormal } from './cma/mirrored-normal.ts';
import type { RestartStrategy } from './cma/restarts.ts';
import { Search, type SearchState } from './cma/search.ts';
import { startOf } from './cma/start.ts';
import { defaultPopulationSize } from './cma/strategy.ts';
import { KnownPoints } from './evolution/known-points.ts';
import type { AskContext, Sampler, Suggestion } from './sampler.ts';

export interface CmaesOptions {
  /** Trials per generation, at least 2; null: 4 + ⌊3 ln d⌋ for d parameters. */
  readonly populationSize: number | null;
  /** Standard deviation to start with, as a share of each parameter's range. */
  readonly sigma: number;
  readonly restarts: RestartStrategy;
}

/** Draws for one suggestion until one lies in the cube, and until one is new; then random points. */
const INSIDE = 30;
const SAMPLED = 20;
const DRAWN = 20;

/**
 * CMA-ES (Hansen, The CMA evolution strategy: a tutorial, 2016) in the unit cube, with margin for whole and quantised
 * numbers (Hamano et al. 2022), restarts (Auger & Hansen 2005, Hansen 2009) and mirrored orthogonal sampling (Wang et
 * al. 2014). Unordered choices have probabilities of
 * their own, adapted side by side (CatCMA, Hamano et al. 2024).
 *
 * A parameter under a condition is one more coordinate; a trial that lacks it says nothing about it. That is sound where
 * conditions are few; for spaces that are trees, `tpe` and `gp` know more.
 *
 * Of several objectives it follows the front and the room on it, as one goal; `nsga2` covers a front better. It begins in
 * the middle of the space, or where priors and earlier sweeps say.
 */
export function createCmaesSampler(space: Space, options: CmaesOptions): Sampler {
  return new CmaesSampler(space, options);
}

class CmaesSampler implements Sampler {
  readonly name = 'cmaes';
  readonly #options: CmaesOptions;
  readonly #coordinates: Coordinates;
  readonly #known: KnownPoints;
  #search: Search | null = null;

  constructor(space: Space, options: CmaesOptions) {
    this.#options = options;
    this.#coordinates = new Coordinates(space);
    this.#known = new KnownPoints(space);
  }

  suggest(context: AskContext): Suggestion {
    const { space, history, number, seed, rng } = context;
    this.#known.add(history);
    this.#search ??= this.#createSearch(context);
    const state = this.#search.after(history);
    const { gaussian, run } = state;
    const dimension = gaussian.mean.length;
    return {
      params: this.#known.firstNew(SAMPLED + DRAWN, (attempt) => {
        if (attempt >= SAMPLED) return drawParams(space, rng);
        if (attempt > 0) return this.#sample(space, state, normalVector(dimension, rng), rng);
        if (number === 0) return this.#middle(space, state);
        return this.#sample(space, state, mirroredNormal(seed, number, run.populationSize, dimension), rng);
      }),
      why: `generation ${gaussian.generation + 1}${run.index > 0 ? ` of restart ${run.index}` : ''}`,
    };
  }

  #createSearch({ seed, transfer }: AskContext): Search {
    const { populationSize, sigma, restarts } = this.#options;
    const dimension = this.#coordinates.numeric.length + this.#coordinates.choices.length;
    return new Search(
      this.#coordinates,
      { populationSize: populationSize ?? defaultPopulationSize(dimension), sigma, restarts },
      seed,
      startOf(this.#coordinates, sigma, transfer),
    );
  }

  #middle(space: Space, { gaussian, choices }: SearchState): Params {
    const likeliest = choices.probabilities.map((ps) => ps.indexOf(Math.max(...ps)));
    return this.#coordinates.params(space, gaussian.mean, likeliest);
  }

  /** At the given vector, or at others where that one leads out of the cube. */
  #sample(space: Space, { gaussian, choices }: SearchState, normal: Float64Array, rng: Rng): Params {
    const chosen = this.#coordinates.drawChoices(choices.probabilities, rng);
    let positions = pointAt(gaussian, normal);
    for (let draws = 1; draws < INSIDE && !this.#isInside(positions); draws++)
      positions = pointAt(gaussian, normalVector(normal.length, rng));
    return this.#coordinates.params(space, positions, chosen);
  }

  /** Discrete parameters have their outermost values there. */
  #isInside(positions: Float64Array): boolean {
    return this.#coordinates.numeric.every(
      ({ cellAt }, j) => (positions[j]! >= 0 && positions[j]! <= 1) || cellAt(0.5) !== null,
    );
  }
}
