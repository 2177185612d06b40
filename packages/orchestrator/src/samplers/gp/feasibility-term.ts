import { logImprovement, logProbability } from './log-improvement.ts';
import { createPrediction, type Posterior, type Prediction } from './posterior.ts';
import type { Acquisition } from './search.ts';

/** A violation's model, and where in its standardised units the bound lies. */
export interface ConstraintModel {
  readonly posterior: Posterior;
  readonly bound: number;
}

/**
 * One constraint: log of the probability that it holds (Gardner et al., "Bayesian Optimization with Inequality
 * Constraints", ICML 2014), or, while nothing is feasible, minus the log of the violation to expect.
 */
export class FeasibilityTerm implements Acquisition {
  readonly #posterior: Posterior;
  readonly #bound: number;
  readonly #seeks: 'feasible' | 'least violation';
  readonly #prediction: Prediction;

  constructor({ posterior, bound }: ConstraintModel, seeks: 'feasible' | 'least violation') {
    this.#posterior = posterior;
    this.#bound = bound;
    this.#seeks = seeks;
    this.#prediction = createPrediction(posterior.points.columns.length);
  }

  at(x: Float64Array): number {
    this.#posterior.predict(x, this.#prediction);
    return this.#ofPrediction(null);
  }

  atAll(points: readonly Float64Array[]): Float64Array {
    return Float64Array.from(points, (x) => this.at(x));
  }

  /** A probability is at most 1; how large a violation is known not to be, only its value tells. */
  bounds(points: readonly Float64Array[]): Float64Array {
    return this.#seeks === 'feasible' ? new Float64Array(points.length) : this.atAll(points);
  }

  withSlopes(x: Float64Array, slopes: Float64Array): number {
    this.#posterior.predictWithSlopes(x, this.#prediction);
    return this.#ofPrediction(slopes);
  }

  #ofPrediction(slopes: Float64Array | null): number {
    const { mean, variance, meanSlopes, varianceSlopes } = this.#prediction;
    const deviation = Math.sqrt(variance);
    const z = (this.#bound - mean) / deviation;
    const isFeasible = this.#seeks === 'feasible';
    // The violation to expect is σ·h(−z): the improvement of the bound over the violation, upside down.
    const { value, slope } = isFeasible ? logProbability(z) : logImprovement(-z);
    if (slopes !== null)
      for (let c = 0; c < slopes.length; c++) {
        const spread = varianceSlopes[c]! / (2 * variance);
        const dz = -meanSlopes[c]! / deviation - z * spread;
        slopes[c] = isFeasible ? slope * dz : slope * dz - spread;
      }
    return isFeasible ? value : -value - Math.log(deviation);
  }
}
