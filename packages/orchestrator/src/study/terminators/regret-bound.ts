import {
  type Acquisition,
  createPrediction,
  drawPoint,
  Encoding,
  mutate,
  Posterior,
  type Prediction,
  Search,
  wholeCube,
} from '../../samplers/gp/index.ts';
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
  const points = trials.map(({ params }) => encoding.encode(params));
  const { y, scale } = standardised(trials.map(({ loss }) => loss!));
  const posterior = posteriorOf(encoding, points, y);
  const beta = (2 / 5) * Math.log((width * trials.length ** 2 * Math.PI ** 2) / (6 * RISK));
  const bounds = new ConfidenceBounds(posterior, Math.sqrt(beta));
  const upper = points.reduce((least, point) => Math.min(least, bounds.upper(point)), Infinity);
  const rng = createRng(seed, trials.length, 'regret bound');
  const search = new Search(encoding, bounds, wholeCube(width));
  const [deepest] = search.run(pool(encoding, points, y, rng), EFFORT);
  return {
    regret: Math.max(0, upper + deepest!.value) * scale,
    noise: Math.sqrt(posterior.kernel.noise) * scale,
  };
}

function posteriorOf(encoding: Encoding, points: readonly Float64Array[], y: Float64Array): Posterior {
  const { shape, theta } = fitNoisy(encoding, points, y);
  const posterior = new Posterior(shape, theta, points.length);
  for (const point of points) posterior.push(point);
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

/** Random points, the best trials, and changed copies of them. */
function pool(
  encoding: Encoding,
  points: readonly Float64Array[],
  y: Float64Array,
  rng: Rng,
): Float64Array[] {
  const cube = wholeCube(encoding.columns.length);
  const ranked = [...y.keys()].sort((a, b) => y[a]! - y[b]!).slice(0, PARENTS);
  const parents = ranked.map((index) => {
    // What a trial does not have is drawn: any of it may become active in a changed copy.
    const full = drawPoint(encoding, cube, rng);
    for (let c = 0; c < full.length; c++) if (encoding.has(points[index]!, c)) full[c] = points[index]![c]!;
    return full;
  });
  const drawn = Array.from({ length: RANDOM_POINTS }, () => drawPoint(encoding, cube, rng));
  const changed = Array.from({ length: MUTATIONS }, (_, i) =>
    mutate(encoding, parents[i % parents.length]!, cube, rng),
  );
  return [...drawn, ...changed, ...parents];
}

/** Mean 0 and variance 1, and what one of their units is in those of the metric. */
function standardised(losses: readonly number[]): { readonly y: Float64Array; readonly scale: number } {
  const n = losses.length;
  const mean = losses.reduce((sum, loss) => sum + loss / n, 0);
  const deviation = Math.sqrt(losses.reduce((sum, loss) => sum + (loss - mean) ** 2 / n, 0));
  const scale = deviation > 0 && Number.isFinite(deviation) ? deviation : 1;
  return { y: Float64Array.from(losses, (loss) => (loss - mean) / scale), scale };
}
