import type { MetricConfig, SamplerConfig, SchedulerConfig } from '../../config/sweep-config.ts';
import type { SamplerPlugin } from '../../samplers/plugin.ts';
import type { AskedTrial, StudyTrial, TellOutcome } from '../types.ts';
import type { Declarations } from './declarations.ts';
import type { Checked, ParamsOf } from './declared-types.ts';

/** Samplers that need no more than their name. */
export type SamplerName = Exclude<SamplerConfig['type'], 'module'>;

export interface Metric {
  /** @default 'minimize' */
  readonly goal?: 'minimize' | 'maximize';
  /** How a trial's reports become its value, where the objective returns none. @default {type: 'last'} */
  readonly reduce?: MetricConfig['reduce'];
  /** `optimize` ends when a complete trial reaches it. */
  readonly target?: number;
}

export interface StudyOptions<P extends Declarations> {
  /** Names, each with `float`, `int`, `choice`, `normal` or `constant`, alone or inside of `when`. */
  readonly parameters: P & Checked<P>;
  readonly metric?: Metric;
  /** A name, a name with the options that docs/samplers.md lists, or what `defineSampler` made. @default 'auto' */
  readonly sampler?:
    | SamplerName
    | { readonly type: SamplerName; readonly [option: string]: unknown }
    | SamplerPlugin;
  /** Ends trials that do badly, from what they report. */
  readonly scheduler?: SchedulerConfig;
  /** Steps of a whole trial: at the last one nothing is stopped. */
  readonly maxStep?: number;
  /** 0 to 2^32-1. The same seed, parameters and history give the same trials. @default 0 */
  readonly seed?: number;
  /** Largest number of trials in all. @default no limit but the grid's own */
  readonly runCap?: number;
  /** Tried first, in this order; what they leave out is drawn by the sampler. */
  readonly points?: readonly Partial<ParamsOf<NoInfer<P>>>[];
}

/** One setting of the parameters. */
export interface Trial<T> extends Omit<AskedTrial, 'params'> {
  readonly params: T;
}

export interface BestTrial<T> {
  readonly number: number;
  readonly value: number;
  readonly params: T;
}

export interface FinishedTrial<T> extends Omit<StudyTrial, 'params'> {
  readonly params: T;
  /** What the objective threw, or what was wrong with its value. */
  readonly error?: unknown;
}

/** What an objective gets beside the parameters. */
export interface TrialContext {
  readonly number: number;
  /** Aborts when the trial is pruned, and when `optimize` is told to end. */
  readonly signal: AbortSignal;
  /**
   * What was measured after `step` finished units (from 1).
   * @throws TrialPruned where the scheduler ends the trial; the signal's reason once `optimize` is told to end.
   */
  readonly report: (step: number, value: number) => void;
}

/** The value; nothing where the reports are to be reduced. NaN makes the trial a failure. */
// biome-ignore lint/suspicious/noConfusingVoidType: an objective without `return` has no other type.
export type ObjectiveValue = number | undefined | void;

export type Objective<T> = (params: T, trial: TrialContext) => ObjectiveValue | Promise<ObjectiveValue>;

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

/** A search with typed parameters; `T` is what `parameters` declares. All methods throw StudyError on a misuse. */
export interface Study<T> {
  /** The next trial; null when nothing is left to try. */
  ask(): Trial<T> | null;
  /** @returns why the trial should end here, null when it goes on. */
  report(number: number, step: number, value: number): { readonly stop: string | null };
  /** @param outcome the value, in the metric's own sign, or how else it ended; left out: the reports are reduced. */
  tell(number: number, outcome?: number | TellOutcome): { readonly value: number | null };
  /** Puts in a result that is known from elsewhere. @returns its number. */
  add(params: T, outcome: number | TellOutcome): number;
  best(): BestTrial<T> | null;
  trials(): ReadonlyArray<Omit<FinishedTrial<T>, 'error'>>;
  /** Trials that can still be asked for; null: unlimited. */
  remaining(): number | null;
  /**
   * Runs trials until there are enough.
   * @returns the best complete trial; null when none is.
   * @throws the signal's reason once it aborted and all that ran has ended; StudyError with the objective's error as
   *   its cause when every trial failed, or the first three did with one message.
   */
  optimize(objective: Objective<T>, options?: OptimizeOptions<T>): Promise<BestTrial<T> | null>;
}
