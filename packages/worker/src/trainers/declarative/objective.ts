import type { ModelCompileArgs, Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../../backends/tf.ts';
import type { PreparedData } from '../../data/prepared-data.ts';

/**
 * Loss and metrics of a task. A regression learns a standardised target, so that its loss does not depend on the
 * target's unit; `mae` and `mse` are in the unit of the file (and its square).
 */
export function objective(tf: Tf, data: PreparedData): Pick<ModelCompileArgs, 'loss' | 'metrics'> {
  switch (data.task) {
    case 'multiclass':
      return { loss: 'categoricalCrossentropy', metrics: ['accuracy'] };
    case 'binary':
      return { loss: 'binaryCrossentropy', metrics: ['accuracy'] };
    case 'regression': {
      const scale = data.targetScale;
      // tfjs names a metric after its function.
      const mae = (truth: Tensor, guess: Tensor): Tensor =>
        tf.mul(tf.mean(tf.abs(tf.sub(truth, guess))), scale);
      const mse = (truth: Tensor, guess: Tensor): Tensor =>
        tf.mul(tf.mean(tf.squaredDifference(truth, guess)), scale ** 2);
      return { loss: 'meanSquaredError', metrics: [mae, mse] };
    }
  }
}
