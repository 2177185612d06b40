import { createRng } from '../../study/rng.ts';
import { Evidence } from './evidence.ts';
import type { HyperPrior } from './hyper-prior.ts';
import type { KernelShape, Theta } from './kernel-shape.ts';
import { minimise } from './lbfgs.ts';
import { PointColumns } from './points.ts';
import { chainBefore, fitSize, isMultiStart } from './schedule.ts';
import { standardise } from './standardise.ts';
import { representatives } from './subset.ts';
import type { Observation } from './training-data.ts';

/** Starts drawn from the prior where a fit begins anew. */
const RANDOM_STARTS = 2;
const EVALUATIONS = 60;
/** Observations that a fit looks at, because its cost grows with the cube of their number. */
const LARGEST_FIT = 200;
/** How far from the prior's centre, in its spreads, a hyperparameter may go. */
const REACH = 5;

interface Fit {
  readonly seen: readonly Observation[];
  readonly theta: Theta;
}

/**
 * The hyperparameters of largest posterior density. They must follow from the observations alone, whatever was asked
 * before, so a fit to the first m of them starts where the chain of smaller fits ends. The chain is kept as long as the
 * observations that it has seen stay what they were.
 */
export class HyperparameterFits {
  readonly #shape: KernelShape;
  readonly #prior: HyperPrior;
  readonly #seed: number;
  readonly #fits = new Map<number, Fit>();

  constructor(shape: KernelShape, prior: HyperPrior, seed: number) {
    this.#shape = shape;
    this.#prior = prior;
    this.#seed = seed;
  }

  /** For n observations, of which the first m of the refit schedule are fitted; what lies before them always is. */
  at(background: readonly Observation[], observations: readonly Observation[]): Theta {
    return this.#fit(fitSize(observations.length), background, observations);
  }

  #fit(size: number, background: readonly Observation[], observations: readonly Observation[]): Theta {
    if (size + background.length === 0) return this.#prior.mean;
    const known = this.#fits.get(size);
    if (known !== undefined && isPrefix(known, observations)) return known.theta;
    const before = chainBefore(size);
    const starts = [before === 0 ? this.#prior.mean : this.#fit(before, background, observations)];
    if (isMultiStart(size)) starts.push(...this.#freshStarts(size));
    const seen = observations.slice(0, size);
    const places = Math.max(LARGEST_FIT / 2, LARGEST_FIT - background.length);
    const theta = this.#best(starts, [...background, ...representatives(seen, places)]);
    this.#fits.set(size, { seen, theta });
    return theta;
  }

  #freshStarts(size: number): Theta[] {
    const { mean, spread } = this.#prior;
    const rng = createRng(this.#seed, size, 'gp fit');
    const draws = Array.from({ length: RANDOM_STARTS }, () =>
      mean.map((centre, i) => centre + 0.7 * spread[i]! * rng.normal()),
    );
    return [mean, ...draws];
  }

  #best(starts: readonly Theta[], observations: readonly Observation[]): Theta {
    const points = new PointColumns(this.#shape.isChoice.length, observations.length);
    for (const { point } of observations) points.push(point);
    const evidence = new Evidence(this.#shape, points, standardise(observations), this.#prior);
    const { mean, spread } = this.#prior;
    const options = {
      lower: mean.map((centre, i) => centre - REACH * spread[i]!),
      upper: mean.map((centre, i) => centre + REACH * spread[i]!),
      evaluations: EVALUATIONS,
      gradientTolerance: 1e-2,
      valueTolerance: 1e-3,
    };
    let best = minimise(evidence.at, starts[0]!, options);
    for (const start of starts.slice(1)) {
      const other = minimise(evidence.at, start, options);
      if (other.value < best.value) best = other;
    }
    return best.x;
  }
}

function isPrefix({ seen }: Fit, observations: readonly Observation[]): boolean {
  for (const [i, { point, loss }] of seen.entries())
    if (observations[i]!.point !== point || observations[i]!.loss !== loss) return false;
  return true;
}
