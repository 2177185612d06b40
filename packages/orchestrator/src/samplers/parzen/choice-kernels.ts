import type { ChoiceAxis } from '../../space/axis.ts';
import { indexAtShare } from '../../space/shares.ts';
import type { Rng } from '../../study/rng.ts';
import type { Kernels } from './kernels.ts';
import type { Column } from './observations.ts';

/**
 * Per observation, the distribution's own probabilities with a weight on the choice that was seen; the last kernel,
 * the prior, is those probabilities alone. Uniform probabilities give Optuna's kernels: (1/K + [seen]) normalised.
 */
export class ChoiceKernels implements Kernels {
  readonly #probabilities: readonly number[];
  /** The choice that each kernel has seen; -1 for the prior. */
  readonly #seen: Int32Array;
  /** The part of a kernel's probability that is on the choice it has seen. */
  readonly #bonus: number;
  #candidates: Float64Array = new Float64Array(0);
  /** log probability per choice: under a kernel that has seen it, one that has not, and the prior. */
  readonly #hit: Float64Array;
  readonly #miss: Float64Array;
  readonly #prior: Float64Array;

  constructor(axis: ChoiceAxis, column: Column, kernelOf: Int32Array, count: number, priorWeight: number) {
    this.#probabilities = axis.probabilities;
    this.#seen = new Int32Array(count + 1).fill(-1);
    for (let number = 0; number < kernelOf.length; number++) {
      if (kernelOf[number]! >= 0) this.#seen[kernelOf[number]!] = column.values[number]!;
    }
    const bonus = 1 / (1 + (priorWeight * axis.values.length) / (count + 1));
    this.#bonus = bonus;
    this.#hit = Float64Array.from(axis.probabilities, (p) => Math.log(bonus + (1 - bonus) * p));
    this.#miss = Float64Array.from(axis.probabilities, (p) => Math.log((1 - bonus) * p));
    this.#prior = Float64Array.from(axis.probabilities, (p) => Math.log(p));
  }

  sample(kernel: number, rng: Rng): number {
    const seen = this.#seen[kernel]!;
    let u = rng.next();
    if (seen >= 0) {
      if (u < this.#bonus) return seen;
      u = (u - this.#bonus) / (1 - this.#bonus);
    }
    return indexAtShare(this.#probabilities, u);
  }

  judge(candidates: Float64Array): void {
    this.#candidates = candidates;
  }

  /** Probabilities: their peak, as a bound, is 1. */
  addPeaks(): void {}

  drop(candidate: number, kernel: number): number {
    const choice = this.#candidates[candidate]!;
    const seen = this.#seen[kernel]!;
    if (seen === choice) return this.#hit[choice]!;
    return seen < 0 ? this.#prior[choice]! : this.#miss[choice]!;
  }
}
