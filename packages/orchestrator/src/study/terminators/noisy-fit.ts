import {
  type Encoding,
  Evidence,
  type KernelShape,
  kernelShape,
  minimise,
  noiseIndex,
  PointColumns,
  type Theta,
} from '../../samplers/gp/index.ts';

const EVALUATIONS = 60;
/** How far from the prior's centre, in its spreads, a hyperparameter may go. */
const REACH = 5;
/** Length scales per root of the number of columns: few wells per column, or the noise would pass for wells. */
const SCALE = { centre: 0.4, spread: 1 };
const WEIGHT = { centre: 1, spread: 1.5 };
/** As a share of the variance: anything from next to none to most of it. */
const NOISE = { centre: 1e-3, spread: 3 };
/** Shares of noise, and factors on the length scales, at which a fit begins. */
const NOISE_STARTS = [1e-4, 0.1];
const SCALE_STARTS = [1, 4];

/**
 * Hyperparameters of largest posterior density for outputs that may be mostly noise, under priors of their own: a
 * sampler may take noise for ripples without much harm, but how large it is decides here. Rough functions without noise
 * and smooth ones with it are two peaks, between which no gradient leads: fits begin at both.
 *
 * @param at points of whole trials
 * @param y their losses, of mean 0 and variance 1
 */
export function fitNoisy(
  encoding: Encoding,
  at: readonly Float64Array[],
  y: Float64Array,
): { readonly shape: KernelShape; readonly theta: Theta } {
  const shape = kernelShape(encoding.isChoice, [[...encoding.columns.keys()]]);
  const points = new PointColumns(encoding.isChoice.length, at.length);
  for (const point of at) points.push(point);
  const prior = new NoisyPrior(shape);
  const evidence = new Evidence(shape, points, y, prior);
  const { mean, spread } = prior;
  const options = {
    lower: mean.map((centre, i) => centre - REACH * spread[i]!),
    upper: mean.map((centre, i) => centre + REACH * spread[i]!),
    evaluations: EVALUATIONS,
    gradientTolerance: 1e-2,
    valueTolerance: 1e-3,
  };
  let best: { readonly value: number; readonly x: Theta } | null = null;
  for (const start of startsAround(mean, shape)) {
    const found = minimise(evidence.at, start, options);
    if (best === null || found.value < best.value) best = found;
  }
  return { shape, theta: best!.x };
}

function startsAround(mean: Theta, shape: KernelShape): Theta[] {
  return NOISE_STARTS.flatMap((noise) =>
    SCALE_STARTS.map((stretch) => {
      const start = mean.slice();
      start[noiseIndex(shape)] = Math.log(noise);
      for (let i = shape.terms.length; i < noiseIndex(shape); i++) start[i] = start[i]! + Math.log(stretch);
      return start;
    }),
  );
}

/** Independent normal distributions on the logarithms of weight, length scales and noise. */
class NoisyPrior {
  readonly mean: Theta;
  readonly spread: Float64Array;

  constructor(shape: KernelShape) {
    const scale = SCALE.centre * Math.sqrt(shape.scales);
    const scales = new Array<number>(shape.scales);
    this.mean = Float64Array.of(WEIGHT.centre, ...scales.fill(scale), NOISE.centre).map(Math.log);
    this.spread = Float64Array.of(WEIGHT.spread, ...scales.fill(SCALE.spread), NOISE.spread);
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
