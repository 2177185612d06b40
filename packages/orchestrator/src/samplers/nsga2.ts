import { contains } from '../space/axis.ts';
import { activeParameters } from '../space/conditions.ts';
import { buildParams, drawParams } from '../space/points.ts';
import type { Params, Space } from '../space/types.ts';
import { draw } from '../space/unit.ts';
import type { Rng } from '../study/rng.ts';
import { hasBeliefs } from './belief.ts';
import { bestOfEarlier } from './evolution/best-of-earlier.ts';
import { KnownPoints } from './evolution/known-points.ts';
import { compareMerit, hasResult, type Merit } from './evolution/merit.ts';
import { Population } from './evolution/population.ts';
import { crossOver, mutate } from './evolution/variation.ts';
import type { AskContext, Sampler, Suggestion } from './sampler.ts';
import { sobolPoint } from './sobol.ts';

export interface Nsga2Options {
  /**
   * Trials that may have children, and trials with a result before the first child; at least 2. null: a sixteenth of the
   * trials that the sweep may have, from 10 to 50.
   */
  readonly populationSize: number | null;
  /** Share of the children that have two parents; the others are mutants of one. */
  readonly crossoverProbability: number;
  /** Chance of each value to be changed; null: one value of a child on average. */
  readonly mutationProbability: number | null;
}

const SMALLEST_POPULATION = 10;
const LARGEST_POPULATION = 50;
const GENERATIONS = 16;

/** Of the trials of an earlier sweep, those that are tried here; they are at most half of the first population. */
const GOOD_SHARE = 0.1;

/** Children made for one suggestion until one is new; the last of them are random points. */
const BRED = 20;
const DRAWN = 20;

/**
 * NSGA-II (Deb et al. 2002) for one or more objectives and for constraints: children of the best trials by front and
 * crowding distance, parents by binary tournament.
 *
 * In steady state (Durillo et al. 2009): every result may enter the population at once, so that a sweep with many trials
 * in flight waits for nobody. Before the first child the trials are the priors' point and the best settings of earlier
 * sweeps, where there are some, and a Sobol sequence.
 */
export function createNsga2Sampler(space: Space, options: Nsga2Options): Sampler {
  return new Nsga2Sampler(space, options);
}

class Nsga2Sampler implements Sampler {
  readonly name = 'nsga2';
  readonly #options: Nsga2Options;
  readonly #known: KnownPoints;
  #population: Population | null = null;
  /** The best settings of `context.transfer`, which stays the same. */
  #earlier: Params[] | null = null;

  constructor(space: Space, options: Nsga2Options) {
    this.#options = options;
    this.#known = new KnownPoints(space);
  }

  suggest(context: AskContext): Suggestion {
    const { space, history, rng } = context;
    this.#known.add(history);
    const results = history.reduce((n, trial) => n + (hasResult(trial) ? 1 : 0), 0);
    const size = this.#options.populationSize ?? defaultPopulation(context.runCap);
    if (results < size) return { params: this.#first(context, size) };
    if (this.#population?.size !== size) this.#population = new Population(size);
    const population = this.#population.best(history);
    let why = '';
    const params = this.#known.firstNew(BRED + DRAWN, (attempt) => {
      if (attempt >= BRED) {
        why = 'nothing new to breed';
        return drawParams(space, rng);
      }
      const child = this.#breed(space, population, rng);
      why = `child of ${child.parents.join(' and ')}`;
      return child.params;
    });
    return { params, why };
  }

  #first(context: AskContext, size: number): Params {
    const { space, number, rng, transfer } = context;
    const believed = hasBeliefs(space) ? 1 : 0;
    if (number < believed)
      return buildParams(space, ({ distribution, prior }) => prior ?? draw(distribution, rng));
    this.#earlier ??= bestOfEarlier(transfer, GOOD_SHARE);
    const model = number < size / 2 ? this.#earlier[number - believed] : undefined;
    if (model !== undefined) return fitted(space, model, rng);
    return this.#known.firstNew(DRAWN, (attempt) =>
      attempt === 0 ? sobolPoint(context) : drawParams(space, rng),
    );
  }

  #breed(space: Space, population: readonly Merit[], rng: Rng): Child {
    const mother = tournament(population, rng).trial;
    const crossed = rng.next() < this.#options.crossoverProbability;
    const father = crossed ? tournament(population, rng).trial : mother;
    const params = crossOver(space, mother.params, father.params, rng);
    const rate = this.#options.mutationProbability ?? 1 / Math.max(1, activeParameters(space, params).length);
    const parents = mother === father ? [mother.number] : [mother.number, father.number];
    return { params: mutate(space, params, rate, rng), parents };
  }
}

interface Child {
  readonly params: Params;
  /** Numbers of one or two trials. */
  readonly parents: readonly number[];
}

/** As much of a point from another space as this one has; the rest is drawn. */
function fitted(space: Space, point: Params, rng: Rng): Params {
  return buildParams(space, ({ name, distribution }) =>
    Object.hasOwn(point, name) && contains(distribution, point[name]!)
      ? point[name]!
      : draw(distribution, rng),
  );
}

/** A short sweep has no time for a large population. */
function defaultPopulation(runCap: number | null): number {
  if (runCap === null) return LARGEST_POPULATION;
  return Math.min(LARGEST_POPULATION, Math.max(SMALLEST_POPULATION, Math.round(runCap / GENERATIONS)));
}

/** The better of two drawn at random. */
function tournament(population: readonly Merit[], rng: Rng): Merit {
  const [a, b] = [population[rng.int(population.length)]!, population[rng.int(population.length)]!];
  return compareMerit(a, b) <= 0 ? a : b;
}
