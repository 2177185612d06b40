import type { Params, Space } from '../../space/types.ts';
import { createRng } from '../../study/rng.ts';
import type { ObservedTrial, Sampler, TransferTask } from '../sampler.ts';

export interface Result {
  readonly losses: readonly number[];
  readonly violations?: readonly number[];
}

export interface DriverOptions {
  readonly seed?: number;
  readonly objectives?: number;
  readonly constraints?: number;
  readonly runCap?: number | null;
  readonly transfer?: readonly TransferTask[];
}

/** A history that a sampler fills, through nothing but its interface. */
export class Driver {
  readonly history: ObservedTrial[] = [];
  readonly #sampler: Sampler;
  readonly #space: Space;
  readonly #options: DriverOptions;

  constructor(sampler: Sampler, space: Space, options: DriverOptions = {}) {
    this.#sampler = sampler;
    this.#space = space;
    this.#options = options;
  }

  /** What would be suggested for this history, which stays as it is. */
  peek(history: readonly ObservedTrial[] = this.history): Params {
    const { seed = 1, objectives = 1, constraints = 0, runCap = null, transfer = [] } = this.#options;
    const number = history.length;
    return this.#sampler.suggest({
      space: this.#space,
      seed,
      objectives,
      constraints,
      maxStep: null,
      runCap,
      transfer,
      number,
      history,
      rng: createRng(seed, number, 'ask'),
    })!.params;
  }

  ask(): ObservedTrial {
    const trial: ObservedTrial = {
      number: this.history.length,
      params: this.peek(),
      state: 'running',
      loss: null,
      losses: null,
      violations: null,
      curve: [],
      step: 0,
    };
    this.history.push(trial);
    return trial;
  }

  complete({ number }: ObservedTrial, { losses, violations = [] }: Result): void {
    this.#change(number, { state: 'complete', loss: losses[0]!, losses, violations });
  }

  prune({ number }: ObservedTrial, step: number, loss: number): void {
    this.#change(number, { state: 'pruned', loss, curve: [{ step, loss }], step });
  }

  end({ number }: ObservedTrial, state: 'failed' | 'stopped'): void {
    this.#change(number, { state });
  }

  #change(number: number, change: Partial<ObservedTrial>): void {
    this.history[number] = { ...this.history[number]!, ...change };
  }
}
