import type { ResolvedTrainerSpec } from '@tfsweep/orchestrator/protocol';
import type { Tf } from '../backends/tf.ts';
import type { PreparedData } from '../data/prepared-data.ts';
import type { LayerStack } from './layer-stack.ts';

export type MlpSpec = Extract<ResolvedTrainerSpec['model'], { type: 'mlp' }>;

export function stackMlp(tf: Tf, stack: LayerStack, spec: MlpSpec, data: PreparedData): void {
  // The rows of a table are flat already, which the layer would refuse.
  if (data.inputShape.length > 1) stack.add(tf.layers.flatten());
  stack.dense(spec.hidden);
}
