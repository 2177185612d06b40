import { logProbability } from './log-improvement.ts';
import { createPrediction, type Posterior, type Prediction } from './posterior.ts';
import type { Acquisition } from './search.ts';

/** Improvements at which the integral is evaluated, from nearly none to a lot, evenly in their logarithm. */
const NODES = 24;
const SMALLEST = 1e-4;
const LARGEST = 4;

/** One weight per objective, all above 0. */
export interface Scalarisation {
  readonly weights: Float64Array;
  /** The reference point: worse than whatever counts. */
  readonly reference: Float64Array;
}

/** max over objectives of (f − reference) / weight: lower is better. */
export function scalarise({ weights, reference }: Scalarisation, losses: ArrayLike<number>): number {
  let worst = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < weights.length; k++)
    worst = Math.max(worst, (losses[k]! - reference[k]!) / weights[k]!);
  return worst;
}

/**
 * log of the expected improvement of a scalarised point over an incumbent, with one independent model per objective.
 * Over weights drawn evenly from the positive sphere this scalarisation's improvement is that of the dominated
 * hypervolume (Zhang and Golovin, "Random Hypervolume Scalarizations for Provable Multi-Objective Black Box
 * Optimization", ICML 2020, lemma 5). The expectation is ∫ P(all f_k <= reference_k + t·weight_k) dt up to the incumbent.
 */
export class ScalarisedImprovement implements Acquisition {
  readonly #posteriors: readonly Posterior[];
  readonly #scalarisation: Scalarisation;
  readonly #incumbent: number;
  readonly #predictions: readonly Prediction[];
  readonly #terms = new Float64Array(NODES);
  /** Per node and objective: the slope of log P along z. */
  readonly #rates: readonly Float64Array[];

  constructor(posteriors: readonly Posterior[], scalarisation: Scalarisation, incumbent: number) {
    this.#posteriors = posteriors;
    this.#scalarisation = scalarisation;
    this.#incumbent = incumbent;
    this.#predictions = posteriors.map(({ points }) => createPrediction(points.columns.length));
    this.#rates = posteriors.map(() => new Float64Array(NODES));
  }

  at(x: Float64Array): number {
    for (const [k, posterior] of this.#posteriors.entries()) posterior.predict(x, this.#predictions[k]!);
    return this.#logIntegral();
  }

  atAll(points: readonly Float64Array[]): Float64Array {
    return Float64Array.from(points, (x) => this.at(x));
  }

  bounds(points: readonly Float64Array[]): Float64Array {
    return Float64Array.from(points, (x) => {
      for (const [k, posterior] of this.#posteriors.entries())
        posterior.predictRoughly(x, this.#predictions[k]!);
      return this.#logIntegral();
    });
  }

  withSlopes(x: Float64Array, slopes: Float64Array): number {
    for (const [k, posterior] of this.#posteriors.entries())
      posterior.predictWithSlopes(x, this.#predictions[k]!);
    const value = this.#logIntegral();
    slopes.fill(0);
    for (const [k, prediction] of this.#predictions.entries()) this.#addSlopes(k, prediction, value, slopes);
    return value;
  }

  /** The trapezoidal rule over the logarithm of the improvement. */
  #logIntegral(): number {
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < NODES; i++) {
      const improvement = nodes[i]!;
      let log = Math.log(improvement);
      for (let k = 0; k < this.#predictions.length; k++) {
        const { value, slope } = logProbability(this.#z(k, improvement));
        log += value;
        this.#rates[k]![i] = slope;
      }
      this.#terms[i] = log;
      largest = Math.max(largest, log);
    }
    let sum = 0;
    for (let i = 0; i < NODES; i++) sum += Math.exp(this.#terms[i]! - largest);
    return largest + Math.log(sum * SPACING);
  }

  #z(k: number, improvement: number): number {
    const { mean, variance } = this.#predictions[k]!;
    const { weights, reference } = this.#scalarisation;
    const limit = reference[k]! + (this.#incumbent - improvement) * weights[k]!;
    return (limit - mean) / Math.sqrt(variance);
  }

  #addSlopes(k: number, prediction: Prediction, value: number, slopes: Float64Array): void {
    const { variance, meanSlopes, varianceSlopes } = prediction;
    const deviation = Math.sqrt(variance);
    let alongMean = 0;
    let alongSpread = 0;
    for (let i = 0; i < NODES; i++) {
      const share = Math.exp(this.#terms[i]! - value) * SPACING * this.#rates[k]![i]!;
      alongMean -= share / deviation;
      alongSpread -= share * this.#z(k, nodes[i]!);
    }
    for (let c = 0; c < slopes.length; c++)
      slopes[c] =
        slopes[c]! + alongMean * meanSlopes[c]! + (alongSpread * varianceSlopes[c]!) / (2 * variance);
  }
}

const SPACING = Math.log(LARGEST / SMALLEST) / (NODES - 1);
const nodes = Float64Array.from({ length: NODES }, (_, i) => SMALLEST * Math.exp(i * SPACING));
