import type { CustomCallback, LayersModel, Tensor, Variable } from '@tensorflow/tfjs';
import type { Tf } from '../backends/tf.ts';
import type { Part } from '../data/prepared-data.ts';
import type { LossFunction } from '../losses/loss-function.ts';
import type { SteppingOptimizer } from '../optimizers/index.ts';
import { randomOfEpoch, shuffled } from './batch-order.ts';
import type { DivergenceWatch } from './divergence.ts';

export interface FitOptions {
  /** Compiled: its optimizer makes the steps. */
  readonly model: LayersModel;
  readonly loss: LossFunction;
  readonly train: Part;
  /** How much each sample counts in the steps, `[samples]`, 1 on average; null: all alike. */
  readonly weights: Tensor | null;
  readonly batchSize: number;
  /** Epochs that are finished already. */
  readonly from: number;
  /** Epochs that are finished at the end. */
  readonly to: number;
  readonly seed: number;
  readonly divergence: DivergenceWatch;
  readonly callbacks: readonly CustomCallback[];
  /** What is measured at the end of an epoch, beside the training loss. */
  readonly evaluate: (epoch: TrainedEpoch) => Promise<Readonly<Record<string, number>>>;
  /** Asked before the first epoch and after each: whether the training ends here. */
  readonly isOver?: () => boolean;
}

export interface TrainedEpoch {
  /** From 1. */
  readonly epoch: number;
  /** What the model said of each training sample when its turn came, dropout and the like included. */
  readonly predictions: Float32Array;
  /** As it is reported. */
  readonly loss: number;
  /** Number of the training sample of each row of `predictions`. */
  readonly order: Int32Array;
}

/**
 * Trains as `model.fit` does, with a loss per sample and full predictions for the metrics. The reported `loss` is the mean
 * over the training samples, without weights and the penalties of the layers: trials with different ones stay comparable.
 */
export async function fit(tf: Tf, options: FitOptions): Promise<void> {
  const { model, callbacks, batchSize } = options;
  const samples = options.train.xs.shape[0]!;
  for (const callback of callbacks) {
    callback.setModel(model);
    callback.setParams({ epochs: options.to, samples, steps: Math.ceil(samples / batchSize), verbose: 0 });
  }
  model.stopTraining = options.isOver?.() ?? false;
  for (const callback of callbacks) await callback.onTrainBegin();
  for (let epoch = options.from + 1; epoch <= options.to && !model.stopTraining; epoch++) {
    const random = randomOfEpoch(options.seed, epoch);
    const order = shuffled(samples, random);
    // Dropout and noise draw from it; the runner puts the original back.
    Math.random = random;
    for (const callback of callbacks) await callback.onEpochBegin(epoch - 1);
    const trained = await trainEpoch(tf, options, epoch, order);
    if (trained === null) break;
    const logs = { loss: trained.loss, ...(await options.evaluate(trained)) };
    // Before the callbacks, which see by it that this epoch is the last.
    if (options.isOver?.()) model.stopTraining = true;
    for (const callback of callbacks) await callback.onEpochEnd(epoch - 1, logs);
  }
  for (const callback of callbacks) await callback.onTrainEnd();
}

/** null: a callback asked to stop in mid-epoch. */
async function trainEpoch(
  tf: Tf,
  options: FitOptions,
  epoch: number,
  order: Int32Array,
): Promise<TrainedEpoch | null> {
  const { model, batchSize, callbacks } = options;
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  let predictions: Float32Array | null = null;
  let sum = 0;
  for (let from = 0, batch = 0; from < order.length; from += batchSize, batch++) {
    const rows = order.subarray(from, from + batchSize);
    const optimizer = steppingOptimizer(model);
    if (optimizer !== null) optimizer.batchWeight = rows.length / batchSize;
    const { values, lossValue } = await trainBatch(tf, options, rows, variables);
    predictions ??= new Float32Array((order.length * values.length) / rows.length);
    predictions.set(values, (from * values.length) / rows.length);
    options.divergence.observe(lossValue, epoch, batch + 1);
    sum += lossValue * rows.length;
    for (const callback of callbacks)
      await callback.onBatchEnd(batch, { batch, size: rows.length, loss: lossValue });
    if (model.stopTraining) return null;
  }
  steppingOptimizer(model)?.flush();
  return { epoch, order, predictions: predictions ?? new Float32Array(0), loss: sum / order.length };
}

interface TrainedBatch {
  readonly values: Float32Array;
  /** The mean, without weights and penalties. */
  readonly lossValue: number;
}

/** One step of the optimizer. @returns predictions and loss, both as of before the step */
async function trainBatch(
  tf: Tf,
  { model, train, loss, weights }: FitOptions,
  rows: Int32Array,
  variables: Variable[],
): Promise<TrainedBatch> {
  let predicted: Tensor | null = null;
  let dataLoss: Tensor | null = null;
  try {
    tf.tidy(() => {
      const index = tf.tensor1d(rows, 'int32');
      const xs = tf.gather(train.xs, index);
      const ys = tf.gather(train.ys, index);
      model.optimizer.minimize(
        () => {
          predicted = tf.keep(model.apply(xs, { training: true }) as Tensor);
          const losses = loss(ys, predicted);
          dataLoss = tf.keep(tf.mean(losses));
          const weighted = weights === null ? dataLoss : tf.mean(tf.mul(losses, tf.gather(weights, index)));
          return model
            .calculateLosses()
            .reduce((total: Tensor, penalty) => tf.add(total, penalty), weighted)
            .asScalar();
        },
        false,
        variables,
      );
    });
    const values = (await predicted!.data()) as Float32Array;
    return { values, lossValue: (await dataLoss!.data())[0]! };
  } finally {
    // No scope ends what is kept.
    tf.dispose([predicted, dataLoss] as unknown as Tensor[]);
  }
}

/** null: an optimizer of tfjs's own, which makes a step of every batch. */
function steppingOptimizer({ optimizer }: LayersModel): SteppingOptimizer | null {
  return 'flush' in optimizer ? (optimizer as SteppingOptimizer) : null;
}
