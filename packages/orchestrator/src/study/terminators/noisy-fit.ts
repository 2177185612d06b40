import type { Encoding } from '../../samplers/gp/encoding.ts';
import { Evidence } from '../../samplers/gp/evidence.ts';
import { HyperPrior } from '../../samplers/gp/hyper-prior.ts';
import { type KernelShape, kernelShape, noiseIndex, type Theta } from '../../samplers/gp/kernel-shape.ts';
import { minimise } from '../../samplers/gp/lbfgs.ts';
import { PointColumns } from '../../samplers/gp/points.ts';
import type { Observation } from '../../samplers/gp/training-data.ts';

const EVALUATIONS = 60;
/** How far from the prior's centre, in its spreads, a hyperparameter may go. */
const REACH = 5;
/** Variances of the noise, and factors on the length scales, at which a fit begins. */
const NOISES = [1e-4, 0.1];
const STRETCHES = [1, 4];

/**
 * Hyperparameters of largest posterior density for outputs that may be mostly noise. Rough functions without noise and
 * smooth ones with it are two peaks of that density, between which no gradient leads, so that fits begin at both.
 */
export function fitNoisy(
  encoding: Encoding,
  observations: readonly Observation[],
  y: Float64Array,
): { readonly shape: KernelShape; readonly theta: Theta } {
  const shape = kernelShape(encoding.isChoice, [[...encoding.columns.keys()]]);
  const points = new PointColumns(encoding.columns.length, observations.length);
  for (const { point } of observations) points.push(point);
  const prior = new HyperPrior(shape);
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
  return NOISES.flatMap((noise) =>
    STRETCHES.map((stretch) => {
      const start = mean.slice();
      start[noiseIndex(shape)] = Math.log(noise);
      for (let i = shape.terms.length; i < noiseIndex(shape); i++) start[i] = start[i]! + Math.log(stretch);
      return start;
    }),
  );
}
