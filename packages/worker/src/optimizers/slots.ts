import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { Tf } from '../backends/tf.ts';

/** As tfjs's optimizers hand out and take what they remember. */
export interface NamedTensor {
  readonly name: string;
  readonly tensor: Tensor;
}

/** What an optimizer remembers of each weight, by the weight's place among all of them. */
export class SlotStore {
  readonly #tf: Tf;
  readonly #kinds: ReadonlyArray<{ readonly name: string; readonly initial: number }>;
  /** `[weight][slot]`. */
  readonly #slots: Variable[][] = [];

  constructor(tf: Tf, kinds: ReadonlyArray<{ readonly name: string; readonly initial: number }>) {
    this.#tf = tf;
    this.#kinds = kinds;
  }

  /** Those of weight number `i`, made at first use in the shape of `like`. */
  of(i: number, like: Tensor): readonly Variable[] {
    const tf = this.#tf;
    this.#slots[i] ??= this.#kinds.map(({ initial }) =>
      tf.tidy(() => tf.variable(tf.fill(like.shape, initial), false)),
    );
    return this.#slots[i];
  }

  /** One slot of all weights. */
  group(kind: number): Variable[] {
    return this.#slots.map((slots) => slots[kind]!);
  }

  /** Slot by slot, within each the weights in order. */
  named(): NamedTensor[] {
    return this.#kinds.flatMap(({ name }, kind) =>
      this.group(kind).map((tensor, i) => ({ name: `${name}-${i}`, tensor })),
    );
  }

  /** Takes copies, in the order of `named`. */
  restore(tensors: readonly Tensor[]): void {
    const weights = this.#kinds.length === 0 ? 0 : tensors.length / this.#kinds.length;
    for (let i = 0; i < weights; i++) {
      const slots = this.of(i, tensors[i]!);
      slots.forEach((slot, kind) => {
        slot.assign(tensors[kind * weights + i]!);
      });
    }
  }

  dispose(): void {
    this.#tf.dispose(this.#slots);
    this.#slots.length = 0;
  }
}
