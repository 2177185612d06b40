export { claimGpus } from './claim-gpus.ts';
export { type Gpu, listGpus } from './nvidia-smi.ts';
export { runnerEnvironment } from './runner-environment.ts';
export type { GpuSelection } from './select-gpus.ts';
export { planSlots, type SlotPlan } from './slot-plan.ts';
