import type { Sequential } from '@tensorflow/tfjs';
import type { ResolvedTrainerSpec } from '@tfsweep/orchestrator/protocol';
import type { Tf } from '../../backends/tf.ts';
import type { PreparedData } from '../../data/prepared-data.ts';
import { TrainerLoadError } from '../errors.ts';

type ModelSpec = ResolvedTrainerSpec['model'];
type CnnSpec = Extract<ModelSpec, { type: 'cnn' }>;

const POOL = 2;

/** @throws TrainerLoadError where the model can't take the data */
export function buildModel(tf: Tf, spec: ModelSpec, data: PreparedData): Sequential {
  const model = tf.sequential();
  switch (spec.type) {
    case 'mlp':
      model.add(tf.layers.inputLayer({ inputShape: [...data.inputShape] }));
      // The rows of a table are flat already, which the layer would refuse.
      if (data.inputShape.length > 1) model.add(tf.layers.flatten());
      addDense(tf, model, spec.hidden, spec);
      break;
    case 'cnn':
      addConvolutions(tf, model, spec, data);
      model.add(tf.layers.flatten());
      addDense(tf, model, spec.dense, spec);
      break;
  }
  model.add(tf.layers.dense({ units: data.outputs, activation: OUTPUT_ACTIVATIONS[data.task] }));
  return model;
}

const OUTPUT_ACTIVATIONS = { multiclass: 'softmax', binary: 'sigmoid', regression: 'linear' } as const;

function addConvolutions(tf: Tf, model: Sequential, spec: CnnSpec, data: PreparedData): void {
  const [height, width] = data.inputShape;
  if (data.inputShape.length !== 3 || height === undefined || width === undefined) {
    throw new TrainerLoadError('A cnn needs images; for the rows of a CSV file use `model: {type: mlp}`.');
  }
  if (POOL ** spec.filters.length > Math.min(height, width)) {
    throw new TrainerLoadError(
      `${spec.filters.length} convolution blocks are too many for ${height}x${width} images: each halves them.`,
    );
  }
  spec.filters.forEach((filters, i) => {
    model.add(
      tf.layers.conv2d({
        filters,
        kernelSize: spec.kernel,
        padding: 'same',
        activation: spec.activation,
        ...(i === 0 ? { inputShape: [...data.inputShape] } : {}),
      }),
    );
    model.add(tf.layers.maxPooling2d({ poolSize: POOL }));
  });
}

function addDense(
  tf: Tf,
  model: Sequential,
  units: readonly number[],
  spec: Pick<ModelSpec, 'activation' | 'dropout'>,
): void {
  for (const width of units) {
    model.add(tf.layers.dense({ units: width, activation: spec.activation }));
    // Without a seed of its own: with one, a layer would repeat one mask for ever.
    if (spec.dropout > 0) model.add(tf.layers.dropout({ rate: spec.dropout }));
  }
}
