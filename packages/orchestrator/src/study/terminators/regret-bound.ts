import { completed, drawPoint, mutate } from '../../samplers/gp/candidates.ts';
import { Encoding } from '../../samplers/gp/encoding.ts';
import { createPrediction, Posterior, type Prediction } from '../../samplers/gp/posterior.ts';
import { wholeCube } from '../../samplers/gp/region.ts';
import { type Acquisition, Search } from '../../samplers/gp/search.ts';
import { type Observation, standardise, TrainingData } from '../../samplers/gp/training-data.ts';
import type { ObservedTrial } from '../../samplers/sampler.ts';
import type { Space } from '../../space/types.ts';
import { createRng, type Rng } from '../rng.ts';
import { fitNoisy } from './noisy-fit.ts';

/** What can still be gained, and what cannot be told apart, in units of the metric. */
export interface RegretBound {
  /** At least 0: how far the best trial may at most lie above the lowest loss of the space, with high probability. */
  readonly regret: number;
  /** Standard deviation of the metric when one setting is tried again, as the model sees it. */
  readonly noise: number;
}

/** Of the bound not holding, over all times together; δ in the papers. */
const RISK = 0.1;
const RANDOM_POINTS = 400;
const MUTATIONS = 200;
const PARENTS = 5;
const EFFORT = { starts: 6, evaluations: 40, rounds: 3 };

/**
 * The bound of A. Makarova et al., "Automatic Termination for Hyperparameter Optimization", AutoML 2022, section 3:
 * the lowest upper confidence bound among the trials less the lowest lower confidence bound of the space, under a
 * Gaussian process. The width of the bounds is that of N. Srinivas et al., "Gaussian Process Optimization in the
 * Bandit Setting", ICML 2010, Theorem 1, with the dimension for the size of the space, a fifth of it as they do.
 *
 * @param trials complete, with finite losses; at least 2.
 */
export function regretBound(space: Space, trials: readonly ObservedTrial[], seed: number): RegretBound {
  const encoding = new Encoding(space);
  const width = encoding.columns.length;
  if (width === 0) return { regret: 0, noise: 0 };
  const observations = new TrainingData(encoding).observe(trials);
  const y = standardise(observations);
  const posterior = posteriorOf(encoding, observations, y);
  const beta = (2 / 5) * Math.log((width * trials.length ** 2 * Math.PI ** 2) / (6 * RISK));
  const bounds = new ConfidenceBounds(posterior, Math.sqrt(beta));
  const upper = observations.reduce((least, { point }) => Math.min(least, bounds.upper(point)), Infinity);
  const rng = createRng(seed, trials.length, 'regret bound');
  const search = new Search(encoding, bounds, wholeCube(width));
  const [deepest] = search.run(pool(encoding, trials, y, observations, rng), EFFORT);
  const scale = deviation(observations.map(({ loss }) => loss));
  return {
    regret: Math.max(0, upper + deepest!.value) * scale,
    noise: Math.sqrt(posterior.kernel.noise) * scale,
  };
}

function posteriorOf(encoding: Encoding, observations: readonly Observation[], y: Float64Array): Posterior {
  const { shape, theta } = fitNoisy(encoding, observations, y);
  const posterior = new Posterior(shape, theta, observations.length);
  for (const { point } of observations) posterior.push(point);
  posterior.setOutputs(y);
  return posterior;
}

/** The negative of the lower bound, as something to maximise. */
class ConfidenceBounds implements Acquisition {
  readonly #posterior: Posterior;
  readonly #width: number;
  readonly #prediction: Prediction;

  constructor(posterior: Posterior, width: number) {
    this.#posterior = posterior;
    this.#width = width;
    this.#prediction = createPrediction(posterior.points.columns.length);
  }

  upper(x: Float64Array): number {
    this.#posterior.predict(x, this.#prediction);
    return this.#prediction.mean + this.#width * Math.sqrt(this.#prediction.variance);
  }

  at(x: Float64Array): number {
    this.#posterior.predict(x, this.#prediction);
    return this.#width * Math.sqrt(this.#prediction.variance) - this.#prediction.mean;
  }

  atAll(points: readonly Float64Array[]): Float64Array {
    return Float64Array.from(points, (x) => this.at(x));
  }

  bounds(points: readonly Float64Array[]): Float64Array {
    return this.atAll(points);
  }

  withSlopes(x: Float64Array, slopes: Float64Array): number {
    this.#posterior.predictWithSlopes(x, this.#prediction);
    const { mean, variance, meanSlopes, varianceSlopes } = this.#prediction;
    const spread = Math.sqrt(variance);
    for (let c = 0; c < slopes.length; c++)
      slopes[c] = (this.#width * varianceSlopes[c]!) / (2 * spread) - meanSlopes[c]!;
    return this.#width * spread - mean;
  }
}

/** Random points, and changed copies of the best trials. */
function pool(
  encoding: Encoding,
  trials: readonly ObservedTrial[],
  y: Float64Array,
  observations: readonly Observation[],
  rng: Rng,
): Float64Array[] {
  const cube = wholeCube(encoding.columns.length);
  const ranked = [...y.keys()].sort((a, b) => y[a]! - y[b]!).slice(0, PARENTS);
  const parents = ranked.map((index) => {
    const isPresent = (c: number): boolean =>
      Object.hasOwn(trials[index]!.params, encoding.columns[c]!.parameter.name);
    return completed(encoding, observations[index]!.point, isPresent, [], rng);
  });
  const points = Array.from({ length: RANDOM_POINTS }, () => drawPoint(encoding, cube, rng));
  for (let i = 0; i < MUTATIONS; i++) points.push(mutate(encoding, parents[i % parents.length]!, cube, rng));
  return [...points, ...parents];
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0));
}
