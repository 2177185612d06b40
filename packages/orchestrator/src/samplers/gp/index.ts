/** The Gaussian process for others than the sampler: a terminator bounds with it what a search may still gain. */
export { drawPoint, mutate } from './candidates.ts';
export { Encoding } from './encoding.ts';
export { Evidence } from './evidence.ts';
export { type KernelShape, kernelShape, noiseIndex, type Theta } from './kernel-shape.ts';
export { minimise } from './lbfgs.ts';
export { PointColumns } from './points.ts';
export { createPrediction, Posterior, type Prediction } from './posterior.ts';
export { wholeCube } from './region.ts';
export { type Acquisition, Search } from './search.ts';
