/** A study on virtual workers in virtual time: no clock, no files, no Node API. */
export {
  type EndedTrial,
  type SimulationOptions,
  type SimulationResult,
  simulate,
  type VirtualReport,
  type VirtualTrial,
} from './simulate.ts';
