import type { Rng } from '../../study/rng.ts';
import { ChoiceKernels } from './choice-kernels.ts';
import type { Kernels } from './kernels.ts';
import { NumericKernels } from './numeric-kernels.ts';
import type { Column } from './observations.ts';

/** Observations that count in full, however many there are; older ones fade (Optuna's `default_weights`). */
const UNFADED = 25;

/** Terms this much below the largest do not show in a double's sum. */
const NEGLIGIBLE = -37;

/** A mixture of products: one kernel per observation and one for the prior, the last. */
export class ParzenMixture {
  readonly #kernels: readonly Kernels[];
  readonly #logWeights: Float64Array;
  readonly #cumulative: Float64Array;

  /** @param numbers of the trials that are observed, ascending; all of them have all of the columns. */
  constructor(columns: readonly Column[], numbers: readonly number[], priorWeight: number) {
    const count = numbers.length;
    const kernelOf = new Int32Array(columns[0]!.values.length).fill(-1);
    for (const [kernel, number] of numbers.entries()) kernelOf[number] = kernel;
    this.#kernels = columns.map((column) => createKernels(column, kernelOf, count, priorWeight));
    const weights = observationWeights(count, priorWeight);
    this.#cumulative = new Float64Array(weights.length);
    let sum = 0;
    for (let k = 0; k < weights.length; k++) this.#cumulative[k] = sum += weights[k]!;
    this.#logWeights = weights.map((weight) => Math.log(weight / sum));
  }

  /** `count` candidates, one array per column. */
  sample(count: number, rng: Rng): Float64Array[] {
    const candidates = this.#kernels.map(() => new Float64Array(count));
    for (let c = 0; c < count; c++) {
      const kernel = this.#drawKernel(rng);
      for (const [j, kernels] of this.#kernels.entries()) candidates[j]![c] = kernels.sample(kernel, rng);
    }
    return candidates;
  }

  /** The log density of every candidate. */
  logDensities(candidates: readonly Float64Array[]): Float64Array {
    for (const [j, part] of this.#kernels.entries()) part.judge(candidates[j]!);
    const peaks = this.#logWeights.slice();
    for (const part of this.#kernels) part.addPeaks(peaks);
    const terms = new Float64Array(peaks.length);
    return Float64Array.from(candidates[0]!, (_, c) => this.#logDensity(c, peaks, terms));
  }

  /**
   * log of the sum over kernels. A kernel is given up as soon as it is negligible: drops only add up, and in many
   * dimensions nearly every kernel is far away after one or two of them.
   */
  #logDensity(candidate: number, peaks: Float64Array, terms: Float64Array): number {
    const parts = this.#kernels;
    let max = Number.NEGATIVE_INFINITY;
    let size = 0;
    // From the prior, which is nowhere negligible, and the newest observations down.
    for (let k = peaks.length - 1; k >= 0; k--) {
      let term = peaks[k]!;
      for (let j = 0; j < parts.length && term > max + NEGLIGIBLE; j++) term += parts[j]!.drop(candidate, k);
      if (term > max + NEGLIGIBLE) terms[size++] = term;
      if (term > max) max = term;
    }
    let sum = 0;
    for (let i = 0; i < size; i++) sum += Math.exp(terms[i]! - max);
    return max + Math.log(sum);
  }

  #drawKernel(rng: Rng): number {
    const last = this.#cumulative.length - 1;
    const target = rng.next() * this.#cumulative[last]!;
    let kernel = 0;
    while (kernel < last && this.#cumulative[kernel]! <= target) kernel++;
    return kernel;
  }
}

function createKernels(column: Column, kernelOf: Int32Array, count: number, priorWeight: number): Kernels {
  const { axis, parameter } = column;
  if (axis.kind === 'choices') return new ChoiceKernels(axis, column, kernelOf, count, priorWeight);
  const prior = typeof parameter.prior === 'number' ? axis.position(parameter.prior) : axis.mean;
  return new NumericKernels(axis, column, kernelOf, count, prior);
}

/** Oldest first, the prior's last. */
function observationWeights(count: number, priorWeight: number): Float64Array {
  const weights = new Float64Array(count + 1).fill(1);
  const faded = count - UNFADED;
  for (let k = 0; k < faded; k++)
    weights[k] = faded === 1 ? 1 / count : 1 / count + ((1 - 1 / count) * k) / (faded - 1);
  weights[count] = count === 0 ? 1 : priorWeight;
  return weights;
}
