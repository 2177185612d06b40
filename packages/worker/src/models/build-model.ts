import type { LayersModel } from '@tensorflow/tfjs';
import type { ResolvedTrainerSpec } from '@tfsweep/orchestrator/protocol';
import type { Tf } from '../backends/tf.ts';
import type { PreparedData } from '../data/prepared-data.ts';
import { stackCnn } from './cnn.ts';
import { LayerStack } from './layer-stack.ts';
import { stackMlp } from './mlp.ts';
import { stackResnet } from './resnet.ts';

const OUTPUT_ACTIVATIONS = { multiclass: 'softmax', binary: 'sigmoid', regression: 'linear' } as const;

/** @throws TrainerLoadError where the model can't take the data */
export function buildModel(tf: Tf, spec: ResolvedTrainerSpec['model'], data: PreparedData): LayersModel {
  const input = tf.input({ shape: [...data.inputShape] });
  const stack = new LayerStack(tf, spec, input);
  switch (spec.type) {
    case 'mlp':
      stackMlp(tf, stack, spec, data);
      break;
    case 'cnn':
      stackCnn(tf, stack, spec, data);
      break;
    case 'resnet':
      stackResnet(tf, stack, spec, data);
      break;
  }
  stack.add(
    tf.layers.dense({
      units: data.outputs,
      activation: OUTPUT_ACTIVATIONS[data.task],
      ...stack.kernel(),
      // A scheme for deep layers of relu would begin with outputs that are sure of nothing but chance.
      kernelInitializer: 'glorotNormal',
    }),
  );
  return tf.model({ inputs: input, outputs: stack.top });
}
