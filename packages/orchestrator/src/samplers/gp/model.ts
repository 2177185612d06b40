import type { Encoding } from './encoding.ts';
import { HyperparameterFits } from './fit.ts';
import { HyperPrior } from './hyper-prior.ts';
import { type KernelShape, kernelShape, type Theta } from './kernel-shape.ts';
import { Posterior } from './posterior.ts';
import { standardisation } from './standardise.ts';
import { representatives } from './subset.ts';
import { planTerms } from './terms.ts';
import type { Observation, Training } from './training-data.ts';

/** Points that the posterior is conditioned on; beyond that it takes the ones that tell most. */
const MOST_POINTS = 400;

export interface Fitted {
  readonly posterior: Posterior;
  /** What the posterior has seen of trials that ended. */
  readonly seen: readonly Observation[];
  /** Their standardised losses. */
  readonly y: Float64Array;
  /** The posterior's mean at their points. */
  readonly means: Float64Array;
  /** The standardised loss of a whole trial. */
  readonly ofWhole: (loss: number) => number;
  /** Points of trials that run: the posterior believes that they bring what it expects of them. */
  readonly pending: readonly Float64Array[];
}

/** The posterior after all that is known, kept from ask to ask as far as the next history repeats this one. */
export class Model {
  readonly #shape: KernelShape;
  readonly #fits: HyperparameterFits;
  #theta: Theta | null = null;
  #posterior: Posterior | null = null;
  #points: readonly Float64Array[] = [];

  /** @param isWarped whether positions of numbers are warped by what the results tell. */
  constructor(encoding: Encoding, seed: number, isWarped: boolean) {
    const plan = planTerms(encoding);
    this.#shape = kernelShape(
      encoding.isChoice,
      plan.map(({ columns }) => columns),
      encoding.columns.length,
      isWarped ? [...encoding.columns.keys()].filter((c) => !encoding.columns[c]!.isChoice) : [],
    );
    this.#fits = new HyperparameterFits(this.#shape, new HyperPrior(this.#shape, plan), seed);
  }

  update({ background, finished, growing, pending }: Training): Fitted {
    const theta = this.#fits.at(background, finished);
    const seen = representatives(finished, Math.max(MOST_POINTS / 2, MOST_POINTS - background.length));
    const observations = [...background, ...seen, ...growing];
    const posterior = this.#condition(theta, observations, pending.length);
    const { values: y, ofWhole } = standardisation(observations);
    posterior.setOutputs(y);
    const ofSeen = <T>(values: { subarray(from: number, to: number): T }): T =>
      values.subarray(background.length, background.length + seen.length);
    const means = ofSeen(posterior.meansAtPoints(y));
    if (pending.length > 0) posterior.pushBelieved(pending, y);
    return { posterior, seen, y: ofSeen(y), means, ofWhole, pending };
  }

  #condition(theta: Theta, observations: readonly Observation[], pending: number): Posterior {
    if (this.#posterior === null || theta !== this.#theta) {
      this.#posterior = new Posterior(this.#shape, theta, observations.length + pending + 8);
      this.#theta = theta;
      this.#points = [];
    }
    let same = 0;
    while (same < this.#points.length && this.#points[same] === observations[same]?.point) same++;
    this.#posterior.truncate(same);
    this.#points = observations.map(({ point }) => point);
    for (const point of this.#points.slice(same)) this.#posterior.push(point);
    return this.#posterior;
  }
}
