import type { Params, Space } from '../space/types.ts';
import type { Rng } from '../study/rng.ts';

/** What a sampler may know of one earlier trial. Never mutated: a trial that changes gets a new object. */
export interface ObservedTrial {
  readonly number: number;
  readonly params: Params;
  readonly state: 'running' | 'complete' | 'pruned' | 'failed' | 'stopped';
  /** Lower is better: the study turns the sign of what is maximised. `null` while running, failed or stopped. */
  readonly loss: number | null;
  /** The last reported step, 0 without reports. A pruned trial's loss is that of its last step. */
  readonly step: number;
}

export interface AskContext {
  readonly space: Space;
  /** Number of the trial that is asked for. */
  readonly number: number;
  /** Trials 0..number-1 in order of number. */
  readonly history: readonly ObservedTrial[];
  /** Drawn from (seed, number, 'ask'): the same config and history give the same suggestion. */
  readonly rng: Rng;
  readonly seed: number;
}

/**
 * Decides the parameters of the next trial. Pure: knows no time, file or Redis. A sampler serves one study, whose
 * history only grows, so it may keep what it has worked out; what it suggests must follow from the context alone.
 */
export interface Sampler {
  readonly name: string;
  /** `null`: there is nothing left to try (a grid at its end). */
  suggest(context: AskContext): Params | null;
  /** How many more it can suggest after the history and the `pending` points; left out: no end. */
  left?(history: readonly ObservedTrial[], pending: readonly Params[]): number;
  /** Fills in what a warm-start point leaves out, avoiding `earlier` points; left out: drawn at random. */
  complete?(point: Params, earlier: readonly Params[]): Params;
}
