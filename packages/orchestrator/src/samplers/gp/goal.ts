import { scaledViolations, totalViolation, violationScales } from '../../objectives/index.ts';
import { createRng } from '../../study/rng.ts';
import { hasBeliefs, trustInBeliefs } from '../belief.ts';
import type { AskContext, ObservedTrial } from '../sampler.ts';
import { LogExpectedImprovement } from './acquisition.ts';
import { BeliefTerm } from './belief-term.ts';
import type { Encoding } from './encoding.ts';
import { FeasibilityTerm } from './feasibility-term.ts';
import { incumbentOf } from './incumbent.ts';
import { type Fitted, Model } from './model.ts';
import { type Scalarisation, ScalarisedImprovement, scalarise } from './scalarised-improvement.ts';
import type { Acquisition } from './search.ts';
import { Sum } from './sum.ts';
import { type Observation, TrainingData } from './training-data.ts';
import { boxSide, START_SIDE } from './trust-region.ts';

/** What an ask looks for. */
export interface Goal {
  readonly acquisition: Acquisition;
  /** The trials that are best by this goal, best first. */
  readonly ranked: readonly Observation[];
  /** The model whose length scales shape a box around the best, and the box's side. */
  readonly fitted: Fitted;
  readonly side: number;
  readonly why: string;
}

/** The models of a study's objectives and constraints, and the goal that they make of a history. */
export class Goals {
  readonly #encoding: Encoding;
  readonly #data: TrainingData;
  readonly #objectives: readonly Model[];
  readonly #constraints: readonly Model[];

  constructor(
    encoding: Encoding,
    { seed, transfer, objectives, constraints }: AskContext,
    isWarped: boolean,
  ) {
    this.#encoding = encoding;
    this.#data = new TrainingData(encoding, { transfer });
    this.#objectives = Array.from({ length: objectives }, () => new Model(encoding, seed, isWarped));
    this.#constraints = Array.from({ length: constraints }, () => new Model(encoding, seed, isWarped));
  }

  of(context: AskContext, startupTrials: number): Goal {
    const { history, space } = context;
    const feasible = feasibleTrials(history);
    const isFeasible = (number: number): boolean => this.#constraints.length === 0 || feasible.has(number);
    const constraints = this.#constraints.map((model, k) =>
      model.update(this.#data.readValues(history, ({ violations }) => violations?.[k] ?? null, 'unknown')),
    );
    const seeks = this.#constraints.length > 0 && feasible.size === 0 ? 'least violation' : 'feasible';
    // What a trial that runs is believed to bring has to be improved upon, if it is believed to be feasible.
    const promises = (point: Float64Array): boolean =>
      constraints.every(({ posterior, ofWhole }) => posterior.meanAt(point) <= ofWhole(0));
    const terms: Acquisition[] = constraints.map(
      ({ posterior, ofWhole }) => new FeasibilityTerm({ posterior, bound: ofWhole(0) }, seeks),
    );
    if (hasBeliefs(space)) {
      const trust = trustInBeliefs(space, history);
      if (trust > 0) terms.push(new BeliefTerm(this.#encoding, trust, history.length - startupTrials));
    }
    if (seeks === 'least violation') return this.#leastViolation(history, constraints, new Sum(terms));
    const improvement =
      this.#objectives.length === 1
        ? this.#single(context, isFeasible, startupTrials, promises)
        : this.#several(context, isFeasible, promises);
    if (terms.length === 0) return improvement;
    return { ...improvement, acquisition: new Sum([improvement.acquisition, ...terms]) };
  }

  #single(
    { history, maxStep }: AskContext,
    isFeasible: (number: number) => boolean,
    startupTrials: number,
    promises: (point: Float64Array) => boolean,
  ): Goal {
    const training = this.#data.read(history, maxStep);
    const fitted = this.#objectives[0]!.update(training);
    const { value, ranked } = incumbentOf(this.#encoding, fitted, training.background, isFeasible);
    const believed = fitted.pending.filter(promises).map((point) => fitted.posterior.meanAt(point));
    return {
      acquisition: new LogExpectedImprovement(fitted.posterior, Math.min(value, ...believed)),
      ranked,
      fitted,
      side: boxSide(training.finished, isFeasible, startupTrials),
      why: 'log-EI',
    };
  }

  /** Another direction with every ask, drawn by the trial's number, so that all of the front is approached. */
  #several(
    { history, seed, number }: AskContext,
    isFeasible: (number: number) => boolean,
    promises: (point: Float64Array) => boolean,
  ): Goal {
    const all = this.#objectives.map((model, k) =>
      model.update(this.#data.readValues(history, ({ losses }) => losses?.[k] ?? null, 'worst')),
    );
    const rng = createRng(seed, number, 'gp direction');
    const weights = Float64Array.from(all, () => Math.max(1e-3, Math.abs(rng.normal())));
    const length = Math.hypot(...weights);
    const reference = Float64Array.from(all, ({ y }) => Math.max(...y) + 0.1);
    const scalarisation: Scalarisation = { weights: weights.map((w) => w / length), reference };
    const scored = commonTrials(all, isFeasible).map(({ observation, losses }) => ({
      observation,
      score: scalarise(scalarisation, losses),
    }));
    scored.sort((a, b) => a.score - b.score);
    const posteriors = all.map(({ posterior }) => posterior);
    const believed = all[0]!.pending.filter(promises).map((point) =>
      scalarise(
        scalarisation,
        posteriors.map((posterior) => posterior.meanAt(point)),
      ),
    );
    return {
      acquisition: new ScalarisedImprovement(
        posteriors,
        scalarisation,
        Math.min(scored[0]?.score ?? 0, ...believed),
      ),
      ranked: scored.map(({ observation }) => observation),
      fitted: all[0]!,
      side: START_SIDE,
      why: 'hypervolume by a random direction',
    };
  }

  #leastViolation(
    history: readonly ObservedTrial[],
    fitted: readonly Fitted[],
    acquisition: Acquisition,
  ): Goal {
    const scales = violationScales(history);
    const total = ({ violations }: ObservedTrial): number | null =>
      violations === null ? null : totalViolation(scaledViolations(violations, scales));
    const { finished } = this.#data.readValues(history, total, 'unknown');
    const ranked = [...finished].sort((a, b) => a.loss - b.loss);
    return { acquisition, ranked, fitted: fitted[0]!, side: START_SIDE, why: 'least violation' };
  }
}

function feasibleTrials(history: readonly ObservedTrial[]): ReadonlySet<number> {
  return new Set(
    history.filter(({ violations }) => violations?.every((v) => v <= 0)).map(({ number }) => number),
  );
}

/** Trials that every objective's model has seen, with their standardised losses. */
function commonTrials(
  all: readonly Fitted[],
  isFeasible: (number: number) => boolean,
): Array<{ readonly observation: Observation; readonly losses: readonly number[] }> {
  const others = all.slice(1).map(({ seen, y }) => new Map(seen.map(({ number }, i) => [number, y[i]!])));
  return all[0]!.seen.flatMap((observation, i) => {
    const losses = [all[0]!.y[i]!, ...others.map((y) => y.get(observation.number) ?? Number.NaN)];
    return losses.some(Number.isNaN) || !isFeasible(observation.number) ? [] : [{ observation, losses }];
  });
}
