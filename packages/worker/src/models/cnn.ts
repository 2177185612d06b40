import type { ResolvedTrainerSpec } from '@tfsweep/orchestrator/protocol';
import type { Tf } from '../backends/tf.ts';
import type { PreparedData } from '../data/prepared-data.ts';
import { TrainerLoadError } from '../trainers/errors.ts';
import type { LayerStack } from './layer-stack.ts';

export type CnnSpec = Extract<ResolvedTrainerSpec['model'], { type: 'cnn' }>;

const POOL = 2;

/** @throws TrainerLoadError where the data are no images, or too small for so many blocks */
export function stackCnn(tf: Tf, stack: LayerStack, spec: CnnSpec, data: PreparedData): void {
  const [height, width] = data.inputShape;
  if (data.inputShape.length !== 3 || height === undefined || width === undefined) {
    throw new TrainerLoadError('A cnn needs images; for the rows of a CSV file use `model: {type: mlp}`.');
  }
  if (POOL ** spec.filters.length > Math.min(height, width)) {
    throw new TrainerLoadError(
      `${spec.filters.length} convolution blocks are too many for ${height}x${width} images: each halves them.`,
    );
  }
  for (const filters of spec.filters) {
    stack.convolution(filters, spec.kernel);
    stack.add(tf.layers.maxPooling2d({ poolSize: POOL }));
    stack.dropChannels(spec.spatial_dropout);
  }
  stack.add(tf.layers.flatten());
  stack.dense(spec.dense);
}
