import type { Tensor } from '@tensorflow/tfjs';

/** What one optimizer does to one weight. Pure: it makes new tensors and leaves those that it is given alone. */
export interface UpdateRule {
  /** What it remembers of a weight, each of the weight's shape, with the number that it begins with. */
  readonly slots: ReadonlyArray<{ readonly name: string; readonly initial: number }>;
  update(step: UpdateStep): { readonly change: Tensor; readonly slots: readonly Tensor[] };
}

export interface UpdateStep {
  readonly gradient: Tensor;
  /** In the order of the rule's `slots`. */
  readonly slots: readonly Tensor[];
  readonly learningRate: number;
  /** From 1. */
  readonly step: number;
}
