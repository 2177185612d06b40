import type { SamplerConfig } from '../../config/sweep-config.ts';
import type { SamplerPlugin } from '../../samplers/plugin.ts';
import type { TransferTask } from '../../samplers/sampler.ts';
import type { AskedTrial, StudyTrial } from '../types.ts';
import type { Declarations } from './declarations.ts';
import type { Checked, ParamsOf } from './declared-types.ts';
import type { Metric, Metrics } from './metrics.ts';
import type { Scheduling } from './schedulers.ts';

/** Samplers that need no more than their name. */
export type SamplerName = Exclude<SamplerConfig['type'], 'module'>;

export interface StudyOptions<P extends Declarations, M extends Metrics | undefined = undefined> {
  /** Names, each with `float`, `int`, `choice`, `normal` or `constant`, alone or inside of `when`. */
  readonly parameters: P & Checked<P>;
  /** What is optimised, where that is one thing. @default {goal: 'minimize'} */
  readonly metric?: Metric;
  /** What is optimised and what has to keep within bounds, by name, where that is several things. */
  readonly metrics?: M;
  /** A name, a name with the options that docs/samplers.md lists, or what `defineSampler` made. @default 'auto' */
  readonly sampler?:
    | SamplerName
    | { readonly type: SamplerName; readonly [option: string]: unknown }
    | SamplerPlugin;
  /** Ends trials that do badly, from what they report. */
  readonly scheduler?: Scheduling;
  /** Steps of a whole trial: at the last one nothing is stopped. */
  readonly maxStep?: number;
  /** 0 to 2^32-1. The same seed, parameters and history give the same trials. @default 0 */
  readonly seed?: number;
  /** Largest number of trials in all. @default no limit but the grid's own */
  readonly runCap?: number;
  /** Tried first, in this order; what they leave out is drawn by the sampler. */
  readonly points?: readonly Partial<ParamsOf<NoInfer<P>>>[];
  /** Results of earlier searches on related tasks. */
  readonly transfer?: readonly TransferTask[];
  /**
   * Ordered mode: trial n follows from trials 0..n-lag alone, so that `optimize` gives the same trials again whatever
   * the timing at any `concurrency`; it waits where one of those still runs. @default no order
   */
  readonly lag?: number;
}

/** One setting of the parameters. */
export interface Trial<T> extends Omit<AskedTrial, 'params'> {
  readonly params: T;
}

/** `V`: what the objective returns, a number or numbers by name. */
export interface BestTrial<T, V = number> {
  readonly number: number;
  /** Of the metric, of the first one where there are several. */
  readonly value: number;
  /** Of all metrics, by name; the only one is called `value`. */
  readonly values: V extends number ? { readonly value: number } : V;
  readonly params: T;
}

export interface TrialResult<T> extends Omit<StudyTrial, 'params'> {
  readonly params: T;
}

export interface FinishedTrial<T> extends TrialResult<T> {
  /** What the objective threw, or what was wrong with its value. */
  readonly error?: unknown;
}

/** What is reported: a number, or some of the metrics by name. */
export type Reported<V> = V extends number ? number : number | Partial<V>;

export type Outcome<V> =
  | V
  | { readonly state: 'complete'; readonly value?: number; readonly values?: Partial<V> }
  | { readonly state: 'pruned' | 'failed' | 'stopped' };

/** What an objective gets beside the parameters. */
export interface TrialContext<V = number> {
  readonly number: number;
  /** Aborts when the trial is pruned, and when `optimize` is told to end. */
  readonly signal: AbortSignal;
  /**
   * What was measured after `step` finished units (from 1).
   * @throws TrialPruned where the scheduler ends the trial; the signal's reason once `optimize` is told to end.
   */
  readonly report: (step: number, values: Reported<V>) => void;
}

/** The value; nothing where the reports are to be reduced. NaN makes the trial a failure. */
// biome-ignore lint/suspicious/noConfusingVoidType: an objective without `return` has no other type.
export type ObjectiveValue<V = number> = V | undefined | void;

export type Objective<T, V = number> = (
  params: T,
  trial: TrialContext<V>,
) => ObjectiveValue<V> | Promise<ObjectiveValue<V>>;

export interface OptimizeOptions<T> {
  /** How many trials this call runs. @default until nothing is left to try, the target is met or `signal` aborts */
  readonly trials?: number;
  /** How many run at once. At 1 the trials depend on nothing but the study. @default 1 */
  readonly concurrency?: number;
  /** No new trial once it aborts; those that run are told, waited for, and `stopped` unless they end by themselves. */
  readonly signal?: AbortSignal;
  /**
   * What becomes of an objective that throws: its trial is `failed`, and the search goes on (`continue`) or ends with
   * that error (`throw`). @default 'continue'
   */
  readonly onError?: 'continue' | 'throw';
  /** After each trial. */
  readonly onTrial?: (trial: FinishedTrial<T>) => void;
}

/**
 * A search with typed parameters: `T` is what `parameters` declares, `V` what the objective returns. All methods throw
 * StudyError on a misuse.
 */
export interface Study<T, V = number> {
  /** The next trial; null when nothing is left to try. */
  ask(): Trial<T> | null;
  /** @returns why the trial should end here, null when it goes on. */
  report(number: number, step: number, values: Reported<V>): { readonly stop: string | null };
  /**
   * @param outcome the value or values, in the metric's own sign, or how else it ended; left out: the reports are reduced.
   * @returns the trial as it is now: `failed` where the value is NaN.
   */
  tell(number: number, outcome?: Outcome<V>): TrialResult<T>;
  /** Puts in a result that is known from elsewhere. */
  add(params: T, outcome: Outcome<V>): TrialResult<T>;
  /** The best feasible trial by the first metric; null when none is complete. */
  best(): BestTrial<T, V> | null;
  /** The feasible trials that no other dominates. */
  front(): readonly BestTrial<T, V>[];
  trials(): readonly TrialResult<T>[];
  /** Trials that can still be asked for; null: unlimited. */
  remaining(): number | null;
  /** Ordered mode: the trial that has to finish before the next one may be asked for; null: none. */
  waitsFor(): number | null;
  /**
   * Runs trials until there are enough.
   * @returns the best complete trial; null when none is.
   * @throws the signal's reason once it aborted and all that ran has ended; StudyError with the objective's error as
   *   its cause when every trial failed, or the first three did with one message.
   */
  optimize(objective: Objective<T, V>, options?: OptimizeOptions<T>): Promise<BestTrial<T, V> | null>;
}
