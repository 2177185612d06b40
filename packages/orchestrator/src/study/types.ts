import type {
  ConstraintConfig,
  MetricConfig,
  SamplerConfig,
  SchedulerConfig,
  SweepConfig,
  TerminateConfig,
} from '../config/sweep-config.ts';
import type { SamplerPlugin } from '../samplers/plugin.ts';
import type { TransferTask } from '../samplers/sampler.ts';
import type { Params, Space } from '../space/types.ts';

/** A metric that is optimised. */
export type ObjectiveOptions = Pick<MetricConfig, 'name' | 'goal' | 'reduce'>;

/** A metric that has to keep within bounds and is not optimised. */
export type ConstraintOptions = ConstraintConfig;

export interface StudyOptions {
  readonly parameters: Space;
  /**
   * What is optimised. Its reports are what schedulers judge and samplers see as a curve; it alone may go without a
   * name (`value`).
   */
  readonly metric: Omit<ObjectiveOptions, 'name'> & { readonly name?: string };
  /** Further objectives, and constraints. @default none */
  readonly otherMetrics?: ReadonlyArray<ObjectiveOptions | ConstraintOptions>;
  readonly method: SweepConfig['method'];
  readonly sampler: SamplerConfig;
  /** What `sampler: {type: module}` stands for. */
  readonly samplerPlugin?: SamplerPlugin | null;
  readonly scheduler: SchedulerConfig | null;
  /** What makes `enough` end the search. @default null */
  readonly terminate?: TerminateConfig | null;
  /** 0..2^32-1. */
  readonly seed: number;
  /** Largest number of trials; null: no limit but the grid's own. */
  readonly runCap: number | null;
  readonly maxStep: number | null;
  /** Tried first, in this order; what they leave out is drawn by the sampler. */
  readonly points: readonly Params[];
  /** Results of earlier sweeps. @default none */
  readonly transfer?: readonly TransferTask[];
  /** Values that every trial from now on takes wherever the parameter exists. @default none */
  readonly fixed?: Params;
  /**
   * Ordered mode: trial n is asked for once trials 0..n-lag are finished, and suggestions and stops follow from those
   * alone, whatever the timing. At least 1, which is one trial after the other. @default null: no order
   */
  readonly lag?: number | null;
}

export interface AskedTrial {
  readonly number: number;
  readonly params: Params;
  /** Who chose the parameters. */
  readonly sampler: string;
  /** The step at which it is to pause (`Study.pause`); left out: it trains to its end. */
  readonly pauseAt?: number;
  /** It was asked for before and has paused: it goes on from its checkpoint. */
  readonly resumes?: true;
}

/** One number of the first metric, or numbers by the names of the study's metrics, each in its own sign. */
export type MetricValues = number | Readonly<Record<string, number>>;

export type TellOutcome =
  /**
   * `value` is of the first metric, `values` of any, by name. A metric that is in neither is made of its reports by
   * `metric.reduce`.
   */
  | {
      readonly state: 'complete';
      readonly value?: number;
      readonly values?: Readonly<Record<string, number>>;
    }
  | { readonly state: 'pruned' | 'failed' | 'stopped' };

export interface StudyTrial {
  readonly number: number;
  readonly params: Params;
  /** `paused`: it waits at a rung, and may go on. */
  readonly state: 'running' | 'paused' | 'complete' | 'pruned' | 'failed' | 'stopped';
  /** Of the first metric; null unless complete. */
  readonly value: number | null;
  /** Of all metrics, constraints included, by name; null unless complete. */
  readonly values: Readonly<Record<string, number>> | null;
  /** How far the constraints are violated in all; 0: feasible; null unless complete. */
  readonly violation: number | null;
  /** Of the first metric. */
  readonly reports: ReadonlyArray<{ readonly step: number; readonly value: number }>;
}

/** A complete trial that stands at the top. */
export interface BestTrial {
  readonly number: number;
  /** Of the first metric. */
  readonly value: number;
  /** Of all metrics, by name. */
  readonly values: Readonly<Record<string, number>>;
  readonly params: Params;
}

/** A sweep as pure state: (options, history) decide everything. All methods throw StudyError on a misuse. */
export interface Study {
  /** Names of the metrics: the first objective, then the others as they were given. */
  readonly metrics: readonly string[];
  /**
   * The next trial, or one that paused and goes on; null when nothing is left to try. While trials run or wait, a later
   * ask may find one that has earned to go on.
   * @throws StudyError while `waitsFor()` names a trial.
   */
  ask(): AskedTrial | null;
  /** Ordered mode: the trial that has to finish before the next one may be asked for; null: none. */
  waitsFor(): number | null;
  /**
   * A trial whose parameters the user chose; what the point leaves out is fixed or drawn. It takes the next number, and
   * neither the run cap nor a point of the warm start stands in its way or is used up.
   * @throws SpaceError for a point that can't be, StudyError while `waitsFor()` names a trial.
   */
  enqueue(point: Params): AskedTrial;
  /**
   * Puts back a trial that was asked for in an earlier life (resume): takes the next number, draws nothing.
   * `chosen`: it came by `enqueue`. @default false
   */
  restore(params: Params, chosen?: boolean): AskedTrial;
  /** A second report of a metric at one step replaces the first. */
  report(number: number, step: number, values: MetricValues): { readonly stop: string | null };
  /** The step at which a trial is to pause; null: it trains to its end. */
  pauseAt(number: number): number | null;
  /** Whether the trial has come to where it pauses. */
  isAtPause(number: number): boolean;
  /** The trial waits, its checkpoint kept, until an `ask` brings it again, or it is told `pruned` or `stopped`. */
  pause(number: number): void;
  /** Puts back that a paused trial went on in an earlier life (resume). */
  resume(number: number): AskedTrial;
  /** @returns the trial as it is now: `failed` where a metric turned out to be NaN. */
  tell(number: number, outcome: TellOutcome): StudyTrial;
  /** Names of the metrics that the trial has not reported yet. */
  unreported(number: number): readonly string[];
  /** The best feasible trial by the first metric. */
  best(): BestTrial | null;
  /** The feasible trials that no other dominates, best of the first metric first. With one metric: the best, and equals. */
  front(): readonly BestTrial[];
  trials(): readonly StudyTrial[];
  /** Trials that can still be asked for; null: unlimited. */
  remaining(): number | null;
  /** Why the search should end although more could be asked for (`terminate`); null: it should go on. */
  enough(): string | null;
}
