import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import type { ModelCost } from '@tfsweep/orchestrator/protocol';
import type { Tf } from '../../backends/tf.ts';

const WARM_UP = 3;
const MEASURED = 21;

/** What a model costs to keep and to use. */
export async function measureCosts(
  tf: Tf,
  names: readonly ModelCost[],
  model: LayersModel,
): Promise<Record<string, number>> {
  const costs: Record<string, number> = {};
  for (const name of names)
    costs[name] = name === 'model_bytes' ? weightBytes(model) : await latencyMs(tf, model);
  return costs;
}

/** Bytes of all weights as they are saved, 4 per number. */
function weightBytes(model: LayersModel): number {
  return model.countParams() * Float32Array.BYTES_PER_ELEMENT;
}

/** Median time of a prediction for one sample, result read back, in ms. */
async function latencyMs(tf: Tf, model: LayersModel): Promise<number> {
  const sample = tf.zeros([1, ...model.inputs[0]!.shape.slice(1).map((size) => size ?? 1)]);
  const times: number[] = [];
  for (let i = 0; i < WARM_UP + MEASURED; i++) {
    const start = performance.now();
    const predicted = tf.tidy(() => model.apply(sample, { training: false }) as Tensor);
    await predicted.data();
    if (i >= WARM_UP) times.push(performance.now() - start);
    predicted.dispose();
  }
  sample.dispose();
  return times.sort((a, b) => a - b)[Math.floor(MEASURED / 2)]!;
}
