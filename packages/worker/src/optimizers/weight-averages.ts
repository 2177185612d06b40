import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { AveragingSpec } from '@tfsweep/orchestrator/protocol';
import type { Tf } from '../backends/tf.ts';
import type { TrainingLength } from './schedule.ts';
import { type NamedTensor, SlotStore } from './slots.ts';

/** Averages of weights over the steps, kept beside those that train. */
export class WeightAverages {
  readonly #tf: Tf;
  readonly #spec: AveragingSpec;
  readonly #length: TrainingLength | null;
  readonly #slots: SlotStore;
  /** What went into the average so far. */
  #count = 0;

  constructor(tf: Tf, spec: AveragingSpec, length: TrainingLength | null) {
    this.#tf = tf;
    this.#spec = spec;
    this.#length = length;
    this.#slots = new SlotStore(tf, [{ name: 'average', initial: 0 }]);
  }

  /** After a step. @param step from 1 */
  observe(variables: readonly Variable[], step: number): void {
    const share = this.#share(step);
    if (share === null) {
      // Made all the same: a checkpoint holds one for each weight.
      variables.forEach((variable, i) => void this.#slots.of(i, variable));
      return;
    }
    this.#count += 1;
    this.#tf.tidy(() => {
      variables.forEach((variable, i) => {
        const average = this.#slots.of(i, variable)[0]!;
        average.assign(this.#tf.add(this.#tf.mul(average, 1 - share), this.#tf.mul(variable, share)));
      });
    });
  }

  swap(variables: readonly Variable[]): void {
    if (this.#count === 0) return;
    this.#tf.tidy(() => {
      variables.forEach((variable, i) => {
        const average = this.#slots.of(i, variable)[0]!;
        const training = this.#tf.clone(variable) as Tensor;
        variable.assign(this.#tf.clone(average));
        average.assign(training);
      });
    });
  }

  named(): NamedTensor[] {
    return this.#slots.named();
  }

  restore(tensors: readonly Tensor[], steps: number): void {
    this.#slots.restore(tensors);
    this.#count = Array.from({ length: steps }, (_, i) => i + 1).filter((step) => this.#isTaken(step)).length;
  }

  dispose(): void {
    this.#slots.dispose();
  }

  /** What the weights of a step weigh in the average; null: this step is not averaged. */
  #share(step: number): number | null {
    if (!this.#isTaken(step)) return null;
    if (this.#spec.type === 'swa') return 1 / (this.#count + 1);
    // So that the first weights, which know nothing, are soon forgotten.
    return this.#count === 0 ? 1 : 1 - Math.min(this.#spec.decay, (1 + step) / (10 + step));
  }

  /** The ends of epochs after the start; every step of the other kind. */
  #isTaken(step: number): boolean {
    if (this.#spec.type === 'ema') return true;
    const { stepsPerEpoch, epochs } = this.#length!;
    return step % stepsPerEpoch === 0 && step / stepsPerEpoch > this.#spec.start * epochs;
  }
}
