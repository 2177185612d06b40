import type { LossInput } from '@tfsweep/orchestrator/protocol';
import type { Tf } from '../backends/tf.ts';
import { cosineDistance } from './cosine.ts';
import { binaryCrossEntropy, categoricalCrossEntropy } from './cross-entropy.ts';
import { binaryHinge, categoricalHinge } from './hinge.ts';
import type { LossFunction, Task } from './loss-function.ts';
import { absoluteError, huber, pinball, squaredError } from './regression.ts';

/** What a loss is of by default: `trainer.loss` in a sweep file. */
export function defaultLoss(task: Task): LossInput {
  return { type: task === 'regression' ? 'mse' : 'cross_entropy' };
}

/** The loss that a sweep file means by `trainer.loss`; a task of two classes has one output, P(class 1). */
export function createLoss(tf: Tf, spec: LossInput, task: Task): LossFunction {
  const isBinary = task === 'binary';
  switch (spec.type) {
    case 'cross_entropy': {
      const crossEntropy = isBinary ? binaryCrossEntropy : categoricalCrossEntropy;
      return crossEntropy(tf, 0, spec.label_smoothing);
    }
    case 'focal': {
      const crossEntropy = isBinary ? binaryCrossEntropy : categoricalCrossEntropy;
      return crossEntropy(tf, spec.gamma ?? DEFAULT_GAMMA, spec.label_smoothing);
    }
    case 'hinge':
      return isBinary ? binaryHinge(tf) : categoricalHinge(tf);
    case 'cosine':
      return cosineDistance(tf);
    case 'mse':
      return squaredError(tf);
    case 'mae':
      return absoluteError(tf);
    case 'huber':
      return huber(tf, spec.delta ?? 1);
    case 'quantile':
      return pinball(tf, spec.quantile ?? 0.5);
  }
}

const DEFAULT_GAMMA = 2;
