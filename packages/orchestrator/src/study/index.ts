/** The search engine of tfsweep as a library: no files, no network, no Node API. */
export type { MetricConfig, SamplerConfig, SchedulerConfig } from '../config/sweep-config.ts';
export { TfsweepError } from '../errors.ts';
export { SamplerOptionError } from '../samplers/options.ts';
export {
  defineSampler,
  type PluginSampler,
  type SamplerOptions,
  type SamplerPlugin,
  SamplerPluginError,
} from '../samplers/plugin.ts';
export type * from '../samplers/sampler.ts';
export type { LossReport, Scheduler } from '../schedulers/scheduler.ts';
export { SchedulerOptionError } from '../schedulers/scheduler-option-error.ts';
export * from '../space/index.ts';
export { createAskTell } from './ask-tell.ts';
export { studyOptions } from './from-config.ts';
export { createStudy } from './public/create-study.ts';
export * from './public/declarations.ts';
export type { Checked, ParamsOf } from './public/declared-types.ts';
export type { Constraint, Metric, Metrics, ValuesOf } from './public/metrics.ts';
export type { Scheduling } from './public/schedulers.ts';
export { TrialPruned } from './public/trial-pruned.ts';
export type * from './public/types.ts';
export { createRng, deriveSeed, type Rng } from './rng.ts';
export { createPureStudy } from './study.ts';
export { StudyError } from './study-error.ts';
export type {
  AskedTrial,
  Study as PureStudy,
  StudyOptions as PureStudyOptions,
  StudyTrial,
  TellOutcome,
} from './types.ts';
