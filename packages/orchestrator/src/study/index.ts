/** The search engine of tfsweep as a library: no files, no network, no Node API. */
export type { MetricConfig, SamplerConfig, SchedulerConfig } from '../config/sweep-config.ts';
export { TfsweepError } from '../errors.ts';
export { SamplerOptionError } from '../samplers/options.ts';
export * from '../space/index.ts';
export { createAskTell } from './ask-tell.ts';
export { studyOptions } from './from-config.ts';
export { createRng, deriveSeed, type Rng } from './rng.ts';
export { createStudy } from './study.ts';
export { StudyError } from './study-error.ts';
export type * from './types.ts';
