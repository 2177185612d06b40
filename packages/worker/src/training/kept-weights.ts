import type { LayersModel } from '@tensorflow/tfjs';
import type { Tf } from '../backends/tf.ts';

/** All weights of a model, those that are not trained included, one after the other. */
export async function readWeights(model: LayersModel): Promise<Float32Array> {
  const parts = await Promise.all(model.weights.map((weight) => weight.read().data()));
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function writeWeights(tf: Tf, model: LayersModel, values: Float32Array): void {
  tf.tidy(() => {
    let at = 0;
    for (const weight of model.weights) {
      const { shape } = weight.read();
      const size = shape.reduce((product, n) => product * n, 1);
      weight.write(tf.tensor(values.slice(at, at + size), shape));
      at += size;
    }
  });
}

/** For JSON: a tenth of what numbers as text would take. */
export function encodeWeights(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

export function decodeWeights(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
