import { violationScales } from '../../objectives/index.ts';
import { createRng } from '../../study/rng.ts';
import { compareMerit, hasResult, merits } from '../evolution/merit.ts';
import { toldTheSame } from '../evolution/told-the-same.ts';
import type { ObservedTrial } from '../sampler.ts';
import { type ChoiceModel, createChoiceModel, updateChoices } from './choice-model.ts';
import type { Coordinates } from './coordinates.ts';
import { createGaussian, type Gaussian, updateGaussian } from './gaussian.ts';
import { withMargin } from './margin.ts';
import { firstRun, flatGenerations, isOver, nextRun, type RestartStrategy, type Run } from './restarts.ts';
import type { Start } from './start.ts';
import { createStrategy, type Strategy } from './strategy.ts';

/** What the search knows after some whole generations. Never changed. */
export interface SearchState {
  readonly run: Run;
  readonly strategy: Strategy;
  readonly gaussian: Gaussian;
  readonly choices: ChoiceModel;
  /** The best loss of each of the last generations of this run. */
  readonly bests: readonly number[];
  /** Trials in all generations so far, and those before this run. */
  readonly consumed: number;
  readonly runStart: number;
}

export interface SearchOptions {
  readonly populationSize: number;
  readonly sigma: number;
  readonly restarts: RestartStrategy;
}

/** The newest states, which stragglers fall back to, and now and then an older one. */
const RECENT = 32;
const SPARSE = 64;

/**
 * CMA-ES as a function of the history: the trials that have ended, in order of their numbers, are cut into generations,
 * and each generation updates the distribution. A trial that ends late, or goes on after it was pruned, takes
 * its place among the others, and the generations from there on are worked out again.
 */
export class Search {
  readonly #coordinates: Coordinates;
  readonly #options: SearchOptions;
  readonly #seed: number;
  /** Ended trials in the order of numbers, as far as the states have used them. */
  #used: ObservedTrial[] = [];
  #states: SearchState[];

  constructor(coordinates: Coordinates, options: SearchOptions, seed: number, start: Start) {
    this.#coordinates = coordinates;
    this.#options = options;
    this.#seed = seed;
    const run = firstRun(options.populationSize, options.sigma);
    this.#states = [this.#begin(run, 0, start)];
  }

  /** The state after all whole generations of the history. */
  after(history: readonly ObservedTrial[]): SearchState {
    const ended = history.filter((trial) => hasResult(trial) || trial.state === 'failed');
    let same = 0;
    while (same < this.#used.length && toldTheSame(this.#used[same]!, ended[same])) same++;
    this.#states = this.#states.filter(({ consumed }) => consumed <= same);
    let state = this.#states.at(-1)!;
    while (state.consumed + state.run.populationSize <= ended.length) {
      const generation = ended.slice(state.consumed, state.consumed + state.run.populationSize);
      state = this.#next(state, generation);
      this.#keep(state);
    }
    this.#used = ended;
    return state;
  }

  #keep(state: SearchState): void {
    this.#states.push(state);
    const old = this.#states.length - 1 - RECENT;
    if (old > 0 && this.#states[old]!.gaussian.generation % SPARSE !== 0) this.#states.splice(old, 1);
  }

  #begin(run: Run, consumed: number, { mean, deviations, probabilities }: Start): SearchState {
    const dimension = Math.max(1, mean.length);
    const strategy = createStrategy(dimension, run.populationSize);
    return {
      run,
      strategy,
      gaussian: this.#margin(createGaussian(mean, run.sigma, deviations), strategy),
      choices: createChoiceModel(probabilities),
      bests: [],
      consumed,
      runStart: consumed,
    };
  }

  #next(state: SearchState, generation: readonly ObservedTrial[]): SearchState {
    const { strategy, run } = state;
    const dimension = this.#coordinates.numeric.length;
    const weights = weigh(generation, strategy.weights);
    const positions = generation.map(({ params, number }) =>
      this.#coordinates.positions(params, state.gaussian, createRng(this.#seed, number, 'cmaes position')),
    );
    const chosen = generation.map(({ params }) => this.#coordinates.chosen(params));
    const losses = generation.map((trial) => trial.loss ?? Number.POSITIVE_INFINITY);
    const next: SearchState = {
      ...state,
      gaussian:
        dimension === 0
          ? state.gaussian
          : this.#margin(updateGaussian(state.gaussian, strategy, positions, weights), strategy),
      choices: updateChoices(state.choices, chosen, weights),
      bests: [...state.bests, Math.min(...losses)].slice(-flatGenerations(dimension, run.populationSize)),
      consumed: state.consumed + generation.length,
    };
    const { restarts } = this.#options;
    if (restarts === 'none' || !isOver(next.gaussian, run.populationSize, next.bests, Math.max(...losses)))
      return next;
    return this.#restart(next);
  }

  /** From anywhere in the space: where the ended run has been is known. */
  #restart({ run, consumed, runStart }: SearchState): SearchState {
    const { populationSize, sigma, restarts } = this.#options;
    const following = nextRun(
      run,
      consumed - runStart,
      restarts,
      firstRun(populationSize, sigma),
      this.#seed,
    );
    const rng = createRng(this.#seed, following.index, 'cmaes restart');
    const numeric = this.#coordinates.numeric;
    return this.#begin(following, consumed, {
      mean: Float64Array.from(numeric, () => rng.next()),
      deviations: new Float64Array(numeric.length).fill(following.sigma),
      probabilities: this.#coordinates.choices.map(({ axis }) => axis.probabilities),
    });
  }

  #margin(gaussian: Gaussian, { dimension, populationSize }: Strategy): Gaussian {
    return withMargin(gaussian, this.#coordinates.cells, 1 / (dimension * populationSize));
  }
}

/** The weight of each trial by its place; those that tie share theirs. Failed ones come last. */
function weigh(generation: readonly ObservedTrial[], byPlace: Float64Array): Float64Array {
  const scales = violationScales(generation);
  const withResult = merits(generation.filter(hasResult), scales).sort(compareMerit);
  const groups: number[][] = [];
  const index = new Map(generation.map((trial, i) => [trial, i]));
  for (const [k, merit] of withResult.entries()) {
    const i = index.get(merit.trial)!;
    if (k > 0 && compareMerit(merit, withResult[k - 1]!) === 0) groups.at(-1)!.push(i);
    else groups.push([i]);
  }
  groups.push(generation.flatMap((trial, i) => (hasResult(trial) ? [] : [i])));
  const weights = new Float64Array(generation.length);
  let place = 0;
  for (const group of groups) {
    let sum = 0;
    for (let k = 0; k < group.length; k++) sum += byPlace[place + k]!;
    for (const i of group) weights[i] = sum / group.length;
    place += group.length;
  }
  return weights;
}
