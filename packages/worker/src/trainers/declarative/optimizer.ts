import type { ResolvedTrainerSpec } from '@tfsweep/orchestrator/protocol';
import type { Optimizer, Tf } from '../../backends/tf.ts';

const DEFAULT_MOMENTUM = 0.9;
/** Of the mean of squares, tfjs's and Keras's default. */
const RMSPROP_DECAY = 0.9;

export function buildOptimizer(tf: Tf, spec: ResolvedTrainerSpec['optimizer']): Optimizer {
  const { learning_rate: learningRate, momentum } = spec;
  switch (spec.type) {
    case 'sgd':
      return momentum === undefined ? tf.train.sgd(learningRate) : tf.train.momentum(learningRate, momentum);
    case 'momentum':
      return tf.train.momentum(learningRate, momentum ?? DEFAULT_MOMENTUM);
    case 'rmsprop':
      return tf.train.rmsprop(learningRate, RMSPROP_DECAY, momentum ?? 0);
    case 'adam':
      return tf.train.adam(learningRate);
    case 'adamax':
      return tf.train.adamax(learningRate);
    case 'adagrad':
      return tf.train.adagrad(learningRate);
  }
}
