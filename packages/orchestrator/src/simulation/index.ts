/** A study on virtual workers in virtual time: no clock, no files, no Node API. */
export { planStudy, type StudyPlan } from './plan-study.ts';
export {
  type EndedTrial,
  type SimulationOptions,
  type SimulationResult,
  simulate,
  type VirtualReport,
  type VirtualTrial,
} from './simulate.ts';
export {
  type SimulatedBest,
  type SimulatedSweep,
  type SweepSimulation,
  simulateSweep,
} from './simulate-sweep.ts';
export { DEFAULT_STEP_SECONDS, type TimeModel, trainingTime } from './training-time.ts';
