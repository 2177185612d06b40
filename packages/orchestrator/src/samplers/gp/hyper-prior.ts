import { type KernelShape, noiseIndex, scaleIndex, type Theta, thetaLength } from './kernel-shape.ts';

/**
 * Length scales grow with the number of columns, because distances do: 0.2·√d in a unit cube, with the spread of the
 * log-normal of Hvarfner, Hellsten and Nardi ("Vanilla Bayesian Optimization Performs Great in High Dimensions", ICML
 * 2024), whose own centre e^√2·√d is far too smooth for a hundred trials.
 */
const SCALE_PER_ROOT_COLUMN = 0.2;
const SCALE_SPREAD = Math.sqrt(3);
const WEIGHT_SPREAD = 2;
const NOISE = 1e-4;
const NOISE_SPREAD = 2;

/** Independent normal distributions on the logarithms of the hyperparameters. */
export class HyperPrior {
  readonly mean: Theta;
  readonly spread: Float64Array;

  constructor(shape: KernelShape) {
    this.mean = new Float64Array(thetaLength(shape));
    this.spread = new Float64Array(thetaLength(shape));
    const additive = shape.terms.length - 1;
    for (const [t, term] of shape.terms.entries()) {
      // Half of the variance to the joint term, half to all the others together.
      const share = additive === 0 ? 1 : t === 0 ? 0.5 : 0.5 / additive;
      this.mean[t] = Math.log(share);
      this.spread[t] = WEIGHT_SPREAD;
      for (let k = 0; k < term.length; k++) {
        const at = scaleIndex(shape, t, k);
        this.mean[at] = Math.log(SCALE_PER_ROOT_COLUMN * Math.sqrt(term.length));
        this.spread[at] = SCALE_SPREAD;
      }
    }
    this.mean[noiseIndex(shape)] = Math.log(NOISE);
    this.spread[noiseIndex(shape)] = NOISE_SPREAD;
  }

  /** −log density up to a constant; adds its gradient. */
  penalty(theta: Theta, gradient: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < theta.length; i++) {
      const z = (theta[i]! - this.mean[i]!) / this.spread[i]!;
      sum += 0.5 * z * z;
      gradient[i] = gradient[i]! + z / this.spread[i]!;
    }
    return sum;
  }
}
