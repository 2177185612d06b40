import type { Tensor } from '@tensorflow/tfjs';

/** Losses of the samples of a batch, `[samples]`, from truths and predictions of one shape, `[samples, outputs]`. */
export type LossFunction = (truth: Tensor, predicted: Tensor) => Tensor;

export type Task = 'multiclass' | 'binary' | 'regression';
