import { logImprovement } from './log-ei.ts';
import { createPrediction, type Posterior, type Prediction } from './posterior.ts';

/** log of the expected improvement over an incumbent, in standardised units. */
export class LogExpectedImprovement {
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
