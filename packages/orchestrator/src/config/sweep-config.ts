import type { TrainerSpec } from '../protocol/trainer-spec/index.ts';
import type { Params, Space } from '../space/types.ts';

/** A sweep file after validation: total, every default filled in. What `loadConfig` returns and SQLite keeps. */
export interface SweepConfig {
  readonly name: string;
  readonly description: string | null;
  /** 0..2^32-1. */
  readonly seed: number;
  /** null only where a verb needs none (ask-tell). */
  readonly trainer: TrainerConfig | null;
  readonly method: 'grid' | 'random' | 'bayes';
  readonly sampler: SamplerConfig;
  /** The first objective: what curves show and schedulers judge. */
  readonly metric: MetricConfig;
  /** Further objectives, and constraints, in the order of the file. */
  readonly otherMetrics: ReadonlyArray<MetricConfig | ConstraintConfig>;
  readonly parameters: Space;
  readonly fidelity: FidelityConfig | null;
  readonly earlyTerminate: SchedulerConfig | null;
  /** What ends the sweep besides its target, cap and budgets; left out: nothing. */
  readonly terminate?: TerminateConfig | null;
  /** Ordered mode: trial n follows from trials 0..n-lag, whatever the timing; lag is at least 1. null: no order. */
  readonly reproducible: { readonly lag: number } | null;
  /** Values that trials take from now on (`resume --set fixed.NAME=VALUE`). */
  readonly fixed: Params;
  /** Number of trials; null: a grid to its end. */
  readonly runCap: number | null;
  readonly budget: {
    readonly wallclockMs: number | null;
    readonly trialWallclockMs: number | null;
    /** The sweep fails when more than this many trials failed. */
    readonly maxFailed: number | null;
    /** The sweep ends after so many hours of GPUs, over all its attempts. */
    readonly gpuHours: number | null;
  };
  readonly resources: {
    readonly maxConcurrent: number | null;
    readonly trialsPerGpu: number;
    readonly gpusPerTrial: number | 'auto';
    /** Share of the workers beside other sweeps, above 0. */
    readonly priority: number;
  };
  readonly checkpoints: {
    readonly every: number;
    readonly keep: readonly ('best' | 'latest' | 'all')[];
  } | null;
  readonly retry: {
    /** Runs of one trial that may fail by the trainer's own fault, 1..n. */
    readonly maxAttempts: number;
    readonly backoffMs: number;
    /** A failure whose message matches one of these is tried again (a trainer's exception otherwise is not). */
    readonly on: readonly string[];
    /** … matches one of these is never tried again. */
    readonly never: readonly string[];
    /** … matches one of these is the worker's fault, which gets no more trials. */
    readonly elsewhere: readonly string[];
  };
  /** Between the request to stop and SIGTERM, then again to SIGKILL. */
  readonly stopGraceMs: number;
  readonly warmStart: {
    readonly points: readonly Params[];
    /** Names of earlier sweeps; what was taken over from them at launch is in the store. */
    readonly sweeps: readonly string[];
    readonly ifMissing: 'error' | 'skip';
  };
}

export type TrainerConfig =
  | { readonly kind: 'declarative'; readonly spec: TrainerSpec }
  | {
      readonly kind: 'module';
      /** Relative to the config's folder, with `/`; never outside of it. */
      readonly module: string;
      /** May hold `$references`; resolved per trial by the worker. */
      readonly args: Readonly<Record<string, unknown>>;
    };

export interface SamplerConfig {
  readonly type: 'grid' | 'random' | 'sobol' | 'tpe' | 'gp' | 'cmaes' | 'nsga2' | 'auto' | 'module';
  /** Of `module` alone: the plugin's file, relative to the config's folder, with `/`; never outside of it. */
  readonly module?: string;
  /** Of `module` alone: of that file, as it was when the config was read; null where no file was looked up. */
  readonly sha256?: string | null;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface MetricConfig {
  readonly name: string;
  readonly goal: 'minimize' | 'maximize';
  /** The sweep ends when a complete trial reaches it. */
  readonly target: number | null;
  readonly reduce:
    | { readonly type: 'last' }
    | { readonly type: 'best' }
    | { readonly type: 'mean_last'; readonly k: number };
}

/** A metric that has to keep within bounds, one of them at least; it is not optimised. */
export interface ConstraintConfig {
  readonly name: string;
  readonly min: number | null;
  readonly max: number | null;
  readonly reduce: Exclude<MetricConfig['reduce'], { readonly type: 'best' }>;
}

/** Steps count finished units from 1. */
export interface FidelityConfig {
  readonly unit: 'epochs' | 'steps';
  readonly min: number;
  readonly max: number;
}

export type SchedulerConfig = SchedulerKind & {
  /** Name of the metric that is judged; left out: the first. */
  readonly metric?: string;
};

type SchedulerKind =
  /** Asynchronous successive halving. Rungs at min·eta^k. */
  | {
      readonly type: 'asha';
      readonly minIter: number;
      readonly maxIter: number | null;
      readonly eta: number;
      /** Trials pause at rungs and the best go on, from their checkpoints; left out: trials stop at rungs. */
      readonly mode?: 'promotion';
    }
  /** W&B's hyperband: rungs of `s` brackets of one trial each; `strict` stops at every rung, not only on crossing. */
  | {
      readonly type: 'hyperband';
      readonly minIter: number;
      readonly maxIter: number | null;
      readonly eta: number;
      readonly s: number | null;
      readonly strict: boolean;
      /** Hyperband's own brackets instead: asha with rungs from min·eta^k on for each k. `s` is null, `strict` false. */
      readonly brackets?: true;
    }
  | { readonly type: 'median'; readonly startupTrials: number; readonly warmupSteps: number }
  | {
      readonly type: 'percentile';
      /** 0..100 */
      readonly percentile: number;
      readonly startupTrials: number;
      readonly warmupSteps: number;
      readonly intervalSteps: number;
      /** Complete trials at a step before one is stopped there. */
      readonly minTrials: number;
    }
  | {
      readonly type: 'patience';
      readonly patience: number;
      readonly minDelta: number;
      /** Asked once patience is out; null: the trial ends then. */
      readonly wraps: SchedulerConfig | null;
    }
  | {
      readonly type: 'threshold';
      /** Of the metric, in its own sign. */
      readonly lower: number | null;
      readonly upper: number | null;
      readonly warmupSteps: number;
      readonly intervalSteps: number;
    }
  | { readonly type: 'wilcoxon'; readonly pThreshold: number; readonly startupSteps: number };

export interface TerminateConfig {
  /** So many trials in a row that brought nothing better; null: any number. */
  readonly stagnation: number | null;
  /** The best that a model still expects is less than the noise. */
  readonly regret: {
    /** Complete trials before the first look, at least 2. */
    readonly minTrials: number;
    /** Standard deviation of the metric for one setting; null: the model's estimate. */
    readonly noise: number | null;
  } | null;
}
