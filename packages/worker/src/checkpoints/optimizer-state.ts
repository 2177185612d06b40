import type { io, LayersModel } from '@tensorflow/tfjs';
import type { Tf } from '../backends/tf.ts';

/** A saved optimiser: its kind, its counter of iterations, then one or more values for each trainable weight. */
export interface OptimizerState {
  readonly className: string;
  readonly specs: io.WeightsManifestEntry[];
  readonly data: ArrayBuffer;
}

/**
 * Puts the state into the optimiser of a compiled model, where type and shapes fit.
 * @returns whether they did
 */
export async function restoreOptimizer(tf: Tf, model: LayersModel, state: OptimizerState): Promise<boolean> {
  const { optimizer } = model;
  if (optimizer?.getClassName() !== state.className || !fits(model, state)) return false;
  const tensors = tf.io.decodeWeights(state.data, state.specs);
  try {
    await optimizer.setWeights(state.specs.map(({ name }) => ({ name, tensor: tensors[name]! })));
    return true;
  } finally {
    tf.dispose(tensors);
  }
}

function fits(model: LayersModel, state: OptimizerState): boolean {
  const shapes = model.trainableWeights.map((weight) => weight.shape.join());
  const slots = state.specs.slice(1).map((spec) => spec.shape.join());
  if (slots.length % Math.max(1, shapes.length) !== 0) return false;
  return slots.every((shape, i) => shape === shapes[i % shapes.length]);
}
