import {
  type KernelShape,
  noiseIndex,
  scaleIndex,
  type Theta,
  thetaLength,
  warpIndex,
} from './kernel-shape.ts';
import type { TermPlan } from './terms.ts';

const WEIGHT_SPREAD = 2;
/** Of an earlier task, or between the first step and the last: alike, but not the same. */
const EXTRA_SCALE = 2;
const EXTRA_SPREAD = 1.5;
const NOISE = 1e-4;
const NOISE_SPREAD = 2;
/**
 * Of log a and log b, centred at no warping. Snoek et al. leave the spread to whoever knows how odd the function is;
 * this is BoTorch's (`LogNormalPrior(0, 0.75 ** 0.5)` in its tutorial on warped inputs).
 */
const WARP_SPREAD = Math.sqrt(0.75);

/** Independent normal distributions on the logarithms of the hyperparameters. */
export class HyperPrior {
  readonly mean: Theta;
  readonly spread: Float64Array;

  constructor(shape: KernelShape, plan: readonly TermPlan[]) {
    this.mean = new Float64Array(thetaLength(shape));
    this.spread = new Float64Array(thetaLength(shape));
    for (const [t, { columns, weight, scale, spread }] of plan.entries()) {
      this.mean[t] = Math.log(weight);
      this.spread[t] = WEIGHT_SPREAD;
      for (let k = 0; k < columns.length; k++) {
        const at = scaleIndex(shape, t, k);
        const isExtra = columns[k]! >= shape.ownColumns;
        this.mean[at] = Math.log(isExtra ? EXTRA_SCALE : scale * Math.sqrt(columns.length));
        this.spread[at] = isExtra ? EXTRA_SPREAD : spread;
      }
    }
    this.mean[noiseIndex(shape)] = Math.log(NOISE);
    this.spread[noiseIndex(shape)] = NOISE_SPREAD;
    if (shape.warped.length > 0) this.spread.fill(WARP_SPREAD, warpIndex(shape, 0));
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
