import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../backends/tf.ts';
import type { Part } from '../data/prepared-data.ts';
import type { LossFunction } from '../losses/loss-function.ts';

/** Samples per forward pass: large enough to keep a backend busy, small enough for a convolution's outputs. */
const BATCH = 256;

export interface Predictions {
  /** Row after row, as the model's last layer gives them. */
  readonly values: Float32Array;
  /** Mean over the samples. */
  readonly loss: number;
}

/** What a model says of a whole part, without dropout and the like. */
export async function predictPart(
  tf: Tf,
  model: LayersModel,
  part: Part,
  loss: LossFunction,
): Promise<Predictions> {
  const samples = part.xs.shape[0]!;
  let values: Float32Array | null = null;
  let sum = 0;
  for (let from = 0; from < samples; from += BATCH) {
    const size = Math.min(BATCH, samples - from);
    const [predicted, batchLoss] = tf.tidy(() => {
      const outputs = model.apply(tf.slice(part.xs, from, size), { training: false }) as Tensor;
      return [outputs, tf.sum(loss(tf.slice(part.ys, from, size), outputs))];
    });
    const rows = (await predicted!.data()) as Float32Array;
    values ??= new Float32Array((samples * rows.length) / size);
    values.set(rows, (from * rows.length) / size);
    sum += (await batchLoss!.data())[0]!;
    tf.dispose([predicted!, batchLoss!]);
  }
  return { values: values ?? new Float32Array(0), loss: sum / samples };
}
