/** Losses and weights for trainers (`@tfsweep/worker/losses`): each gives one loss per sample. */
export { balancedClassWeights, withMeanOne } from './class-weights.ts';
export { cosineDistance } from './cosine.ts';
export { createLoss, defaultLoss } from './create-loss.ts';
export { binaryCrossEntropy, categoricalCrossEntropy } from './cross-entropy.ts';
export { binaryHinge, categoricalHinge } from './hinge.ts';
export type { LossFunction, Task } from './loss-function.ts';
export { absoluteError, huber, pinball, squaredError } from './regression.ts';
