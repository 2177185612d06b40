import type { MetricConfig, SamplerConfig, SchedulerConfig, SweepConfig } from '../config/sweep-config.ts';
import type { SamplerPlugin } from '../samplers/plugin.ts';
import type { Params, Space } from '../space/types.ts';

export interface StudyOptions {
  readonly parameters: Space;
  readonly metric: Pick<MetricConfig, 'goal' | 'reduce'>;
  readonly method: SweepConfig['method'];
  readonly sampler: SamplerConfig;
  /** What `sampler: {type: module}` stands for. */
  readonly samplerPlugin?: SamplerPlugin | null;
  readonly scheduler: SchedulerConfig | null;
  /** 0..2^32-1. */
  readonly seed: number;
  /** Largest number of trials; null: no limit but the grid's own. */
  readonly runCap: number | null;
  readonly maxStep: number | null;
  /** Tried first, in this order; what they leave out is drawn by the sampler. */
  readonly points: readonly Params[];
}

export interface AskedTrial {
  readonly number: number;
  readonly params: Params;
  /** Who chose the parameters. */
  readonly sampler: string;
}

export type TellOutcome =
  /** `value` left out: the reports are reduced by `metric.reduce`. */
  | { readonly state: 'complete'; readonly value?: number }
  | { readonly state: 'pruned' | 'failed' | 'stopped' };

export interface StudyTrial {
  readonly number: number;
  readonly params: Params;
  readonly state: 'running' | 'complete' | 'pruned' | 'failed' | 'stopped';
  readonly value: number | null;
  readonly reports: ReadonlyArray<{ readonly step: number; readonly value: number }>;
}

/** A sweep as pure state: (options, history) decide everything. All methods throw StudyError on a misuse. */
export interface Study {
  /** The next trial; null when nothing is left to try. */
  ask(): AskedTrial | null;
  /** Puts back a trial that was asked for in an earlier life (resume): takes the next number, draws nothing. */
  restore(params: Params): AskedTrial;
  /** `value`: of the metric, in its own sign. A second report of one step replaces the first. */
  report(number: number, step: number, value: number): { readonly stop: string | null };
  /** @returns the trial's value; null unless complete. */
  tell(number: number, outcome: TellOutcome): { readonly value: number | null };
  /** Whether the trial has reported the metric at least once. */
  hasReports(number: number): boolean;
  best(): { readonly number: number; readonly value: number; readonly params: Params } | null;
  trials(): readonly StudyTrial[];
  /** Trials that can still be asked for; null: unlimited. */
  remaining(): number | null;
}
