import type { Encoding } from './encoding.ts';
import { HyperparameterFits } from './fit.ts';
import { type KernelShape, kernelShape, type Theta } from './kernel-shape.ts';
import { Posterior } from './posterior.ts';
import { type Observation, standardise } from './training-data.ts';

/** The posterior after the finished trials, kept from ask to ask as far as the next history repeats this one. */
export class Model {
  readonly shape: KernelShape;
  readonly #fits: HyperparameterFits;
  #theta: Theta | null = null;
  #posterior: Posterior | null = null;
  #numbers: number[] = [];

  constructor(encoding: Encoding, seed: number) {
    this.shape = kernelShape(encoding.isChoice, kernelGroups(encoding));
    this.#fits = new HyperparameterFits(this.shape, seed);
  }

  /** Standardised outputs of the finished trials, and a posterior over them and points of which nothing is known yet. */
  update(
    observations: readonly Observation[],
    pending: readonly Float64Array[],
  ): { readonly posterior: Posterior; readonly y: Float64Array } {
    const theta = this.#fits.at(observations);
    if (this.#posterior === null || theta !== this.#theta) {
      this.#posterior = new Posterior(this.shape, theta, observations.length + pending.length + 8);
      this.#theta = theta;
      this.#numbers = [];
    }
    const posterior = this.#posterior;
    let same = 0;
    while (same < this.#numbers.length && this.#numbers[same] === observations[same]?.number) same++;
    posterior.truncate(same);
    for (const { point } of observations.slice(same)) posterior.push(point);
    this.#numbers = observations.map(({ number }) => number);
    const y = standardise(observations);
    posterior.setOutputs(y);
    if (pending.length === 0) return { posterior, y };
    // Kriging believer: with its own mean as outcome a point changes no mean, and takes the uncertainty around it.
    const believed = Float64Array.from(pending, (point) => posterior.meanAt(point));
    for (const point of pending) posterior.push(point);
    const all = new Float64Array(y.length + believed.length);
    all.set(y);
    all.set(believed, y.length);
    posterior.setOutputs(all);
    return { posterior, y };
  }
}

/** Everything together, and each condition tree by itself. */
function kernelGroups({ columns, trees }: Encoding): number[][] {
  const all = [...columns.keys()];
  return trees.length > 1 ? [all, ...trees.map((tree) => [...tree])] : [all];
}
