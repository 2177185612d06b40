import type { NumericAxis } from '../../space/axis.ts';
import { LOG_NORMAL_CONSTANT, logNormalMass, normalCdf, normalQuantile } from '../../space/normal.ts';
import type { Rng } from '../../study/rng.ts';
import type { Kernels } from './kernels.ts';
import type { Column } from './observations.ts';

/** Standard deviations beyond which a normal distribution has no mass that a sum would show. */
const FAR = 8;
/** log of the share beyond z = 8, less the -z²/2 in it; there it hardly changes with z. */
const FAR_TAIL = LOG_NORMAL_CONSTANT + Math.log(FAR);
/** Log masses that are kept; with more different ones, too few are asked for twice. */
const MAX_KEPT = 4096;

/**
 * One truncated normal per observation and one for the prior, the last. The bandwidth of an observation is the larger
 * gap to its neighbours, kept within limits ("magic clip"): J. Bergstra et al., "Algorithms for Hyper-Parameter
 * Optimization", NeurIPS 2011; the limits as in Optuna's `_ParzenEstimator`.
 */
export class NumericKernels implements Kernels {
  readonly #axis: NumericAxis;
  /** The smallest bandwidth that is allowed. */
  readonly #least: number;
  readonly #means: Float64Array;
  readonly #widths: Float64Array;
  /** Kernels with the same mean and width, as a quantised axis has many, share a shape. */
  readonly #shapeOf: Int32Array;
  #shapes = 0;
  #candidates: Float64Array = new Float64Array(0);
  /** The candidates' cells on a quantised axis, each once, and log masses by cell and shape: NaN is not yet known. */
  #cellOf = new Int32Array(0);
  #cells: ReadonlyArray<readonly [number, number]> = [];
  #masses = new Float64Array(0);

  /** @param kernelOf per trial number, the kernel that it became; -1 for none. */
  constructor(axis: NumericAxis, column: Column, kernelOf: Int32Array, count: number, prior: number) {
    this.#axis = axis;
    this.#least = axis.span / Math.min(100, count + 2);
    this.#means = new Float64Array(count + 1);
    this.#widths = new Float64Array(count + 1);
    this.#shapeOf = new Int32Array(count + 1);
    this.#fill(column, kernelOf, count);
    this.#means[count] = prior;
    this.#widths[count] = axis.spread;
    this.#shapeOf[count] = this.#shapes++;
  }

  #fill(column: Column, kernelOf: Int32Array, count: number): void {
    const { low, high, spread } = this.#axis;
    const { order, values } = column;
    const means = this.#means;
    const kernels = new Int32Array(count);
    const sorted = new Float64Array(count);
    let size = 0;
    for (let i = 0; i < order.length; i++) {
      const kernel = kernelOf[order[i]!]!;
      if (kernel < 0) continue;
      const mean = values[order[i]!]!;
      sorted[size] = mean;
      kernels[size++] = kernel;
      means[kernel] = mean;
    }
    // The ends of the axis are neighbours of a lone observation only ("consider_endpoints" is off).
    const [before, after] = size > 1 ? [sorted[0]!, sorted[size - 1]!] : [low, high];
    for (let i = 0; i < size; i++) {
      const left = sorted[i]! - (i > 0 ? sorted[i - 1]! : before);
      const right = (i + 1 < size ? sorted[i + 1]! : after) - sorted[i]!;
      this.#widths[kernels[i]!] = Math.min(spread, Math.max(this.#least, left, right));
    }
    this.#shareShapes(kernels, sorted);
  }

  /** Among observations of one value only the first and the last have a gap, so looking at those two finds most. */
  #shareShapes(kernels: Int32Array, sorted: Float64Array): void {
    const widths = this.#widths;
    const shapes = this.#shapeOf;
    let tie = 0;
    for (let i = 0; i < sorted.length; i++) {
      const kernel = kernels[i]!;
      if (sorted[i] !== sorted[tie]) tie = i;
      const previous = i > tie ? kernels[i - 1]! : -1;
      if (previous >= 0 && widths[previous] === widths[kernel]) shapes[kernel] = shapes[previous]!;
      else if (i > tie && widths[kernels[tie]!] === widths[kernel]) shapes[kernel] = shapes[kernels[tie]!]!;
      else shapes[kernel] = this.#shapes++;
    }
  }

  /** Inverse transform: the mean lies inside the axis, so neither tail is far. */
  sample(kernel: number, rng: Rng): number {
    const { low, high } = this.#axis;
    const mean = this.#means[kernel]!;
    const width = this.#widths[kernel]!;
    const below = normalCdf((low - mean) / width);
    const share = below + rng.next() * (normalCdf((high - mean) / width) - below);
    const drawn = mean + width * normalQuantile(Math.min(1 - 2 ** -53, Math.max(2 ** -54, share)));
    const position = Math.min(high, Math.max(low, drawn));
    return this.#axis.cell === null ? position : this.#axis.position(this.#axis.value(position));
  }

  judge(candidates: Float64Array): void {
    this.#candidates = candidates;
    if (this.#axis.cell === null) return;
    const cells = new Map<number, number>();
    this.#cellOf = Int32Array.from(candidates, (x) => cells.get(x) ?? cells.set(x, cells.size).get(x)!);
    this.#cells = Array.from(cells.keys(), (x) => this.#axis.cell!(this.#axis.value(x)));
    const size = this.#cells.length * this.#shapes;
    this.#masses = new Float64Array(size <= MAX_KEPT ? size : 0).fill(Number.NaN);
  }

  addPeaks(out: Float64Array): void {
    if (this.#axis.cell !== null) return;
    const widths = this.#widths;
    const logLeast = Math.log(this.#least);
    for (let k = 0; k < out.length; k++) {
      const logWidth = widths[k] === this.#least ? logLeast : Math.log(widths[k]!);
      out[k]! -= logWidth + LOG_NORMAL_CONSTANT + this.#logInside(k);
    }
  }

  drop(candidate: number, kernel: number): number {
    if (this.#axis.cell !== null) return this.#logMass(this.#cellOf[candidate]!, kernel);
    const z = (this.#candidates[candidate]! - this.#means[kernel]!) / this.#widths[kernel]!;
    return -0.5 * z * z;
  }

  /** The kernel's share of a cell, as a log. */
  #logMass(cell: number, kernel: number): number {
    const [low, high] = this.#cells[cell]!;
    const mean = this.#means[kernel]!;
    const width = this.#widths[kernel]!;
    const gap = Math.max(low - mean, mean - high);
    if (gap > FAR * width) return -0.5 * (gap / width) ** 2 - FAR_TAIL;
    if (this.#masses.length === 0) return this.#nearMass(low, high, kernel);
    const at = cell * this.#shapes + this.#shapeOf[kernel]!;
    if (Number.isNaN(this.#masses[at]!)) this.#masses[at] = this.#nearMass(low, high, kernel);
    return this.#masses[at]!;
  }

  #nearMass(low: number, high: number, kernel: number): number {
    const mean = this.#means[kernel]!;
    const width = this.#widths[kernel]!;
    return Math.min(0, logNormalMass((low - mean) / width, (high - mean) / width) - this.#logInside(kernel));
  }

  /** log of the kernel's mass inside the axis, by which its density is divided. */
  #logInside(kernel: number): number {
    const width = this.#widths[kernel]!;
    const below = this.#means[kernel]! - this.#axis.low;
    const above = this.#axis.high - this.#means[kernel]!;
    return below > FAR * width && above > FAR * width ? 0 : logNormalMass(-below / width, above / width);
  }
}
