import type { Params, Space } from '../space/types.ts';
import type { Rng } from '../study/rng.ts';

/** One report of a trial, as samplers and schedulers see it. */
export interface CurvePoint {
  /** Finished units, from 1. */
  readonly step: number;
  /** Of the first metric; lower is better. */
  readonly loss: number;
}

/** What a sampler may know of one earlier trial. Never mutated: a trial that changes gets a new object. */
export interface ObservedTrial {
  readonly number: number;
  readonly params: Params;
  readonly state: 'running' | 'complete' | 'pruned' | 'failed' | 'stopped';
  /**
   * Of the first metric, lower is better: the study turns the sign of what is maximised. `null` while running, failed
   * or stopped. A pruned trial's loss is that of its last step.
   */
  readonly loss: number | null;
  /** One per metric that is optimised, lower is better; null unless complete. */
  readonly losses: readonly number[] | null;
  /**
   * One per constraint: how far its metric lies beyond the bound, above 0 where it is violated. Empty where there are
   * no constraints; null unless complete.
   */
  readonly violations: readonly number[] | null;
  /** The reports by ascending step. The one part that grows while the trial runs. */
  readonly curve: readonly CurvePoint[];
  /** The last reported step, 0 without reports. */
  readonly step: number;
}

/** Results of an earlier sweep on a related task. Its space may be another one: parameters are matched by name. */
export interface TransferTask {
  readonly name: string;
  /** Complete trials. The losses have this sweep's sign, and a scale of their own. */
  readonly trials: ReadonlyArray<{ readonly params: Params; readonly loss: number }>;
}

/** What stays the same from ask to ask. */
export interface SearchTask {
  readonly space: Space;
  readonly seed: number;
  /** Metrics that are optimised, at least 1. */
  readonly objectives: number;
  /** Number of constraints. */
  readonly constraints: number;
  /** Steps of a whole trial; null: unknown. */
  readonly maxStep: number | null;
  /** Trials in all; null: unlimited. */
  readonly runCap: number | null;
  readonly transfer: readonly TransferTask[];
}

export interface AskContext extends SearchTask {
  /** Number of the trial that is asked for. */
  readonly number: number;
  /** Trials 0..number-1 in order of number. */
  readonly history: readonly ObservedTrial[];
  /** Drawn from (seed, number, 'ask'): the same config and history give the same suggestion. */
  readonly rng: Rng;
}

export interface Suggestion {
  readonly params: Params;
  /** Who chose it, where that is not the sampler's own name (`auto` names the one it picked). */
  readonly sampler?: string;
  /** Why, in a few words, for the trial's record. */
  readonly why?: string;
}

/**
 * Decides the parameters of the next trial. Pure: knows no time, file or Redis. A sampler serves one study, whose
 * history only grows, so it may keep what it has worked out; what it suggests must follow from the context alone.
 */
export interface Sampler {
  readonly name: string;
  /** `null`: there is nothing left to try (a grid at its end). */
  suggest(context: AskContext): Suggestion | null;
  /** How many more it can suggest after the history and the `pending` points; left out: no end. */
  left?(history: readonly ObservedTrial[], pending: readonly Params[]): number;
  /** Fills in what a warm-start point leaves out, avoiding `earlier` points; left out: drawn at random. */
  complete?(point: Params, earlier: readonly Params[]): Params;
}
