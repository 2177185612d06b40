/**
 * Conformance tests for samplers and schedulers of one's own. They are vitest tests and draw their cases with
 * fast-check: a project that imports this has both installed.
 */
export { describeSampler, type SamplerConformance } from './describe-sampler.ts';
export { describeScheduler } from './describe-scheduler.ts';
export type { SchedulerConformance } from './scheduler-rules.ts';
