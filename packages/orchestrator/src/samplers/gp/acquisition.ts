import { logImprovement } from './log-improvement.ts';
import { createPrediction, type Posterior, type Prediction } from './posterior.ts';
import type { Acquisition } from './search.ts';

/** log of the expected improvement over an incumbent, in standardised units. */
export class LogExpectedImprovement implements Acquisition {
  readonly #posterior: Posterior;
  readonly #incumbent: number;
  readonly #prediction: Prediction;

  constructor(posterior: Posterior, incumbent: number) {
    this.#posterior = posterior;
    this.#incumbent = incumbent;
    this.#prediction = createPrediction(posterior.points.columns.length);
  }

  at(x: Float64Array): number {
    this.#posterior.predict(x, this.#prediction);
    return this.#ofPrediction();
  }

  /** Never below the value: the mean, with the variance that the nearest point alone would leave. */
  bounds(points: readonly Float64Array[]): Float64Array {
    return Float64Array.from(points, (x) => {
      this.#posterior.predictRoughly(x, this.#prediction);
      return this.#ofPrediction();
    });
  }

  atAll(points: readonly Float64Array[]): Float64Array {
    const values = new Float64Array(points.length);
    for (let first = 0; first < points.length; first += 4) {
      this.#posterior.predictFour(points.slice(first, first + 4), this.#prediction, (index) => {
        values[first + index] = this.#ofPrediction();
      });
    }
    return values;
  }

  #ofPrediction(): number {
    const { mean, variance } = this.#prediction;
    const deviation = Math.sqrt(variance);
    return logImprovement((this.#incumbent - mean) / deviation).value + Math.log(deviation);
  }

  /** Also writes the slope along every column. */
  withSlopes(x: Float64Array, slopes: Float64Array): number {
    this.#posterior.predictWithSlopes(x, this.#prediction);
    const { mean, variance, meanSlopes, varianceSlopes } = this.#prediction;
    const deviation = Math.sqrt(variance);
    const z = (this.#incumbent - mean) / deviation;
    const { value, slope } = logImprovement(z);
    // d log EI = h'/h·dz + dσ/σ with dz = −(dμ + z·dσ)/σ and dσ = dσ²/(2σ).
    for (let c = 0; c < slopes.length; c++) {
      const spread = varianceSlopes[c]! / (2 * variance);
      slopes[c] = (-slope * meanSlopes[c]!) / deviation + (1 - slope * z) * spread;
    }
    return value + Math.log(deviation);
  }
}
