/** Problems whose best value is known, to measure and to simulate searches with: no files, no network, no Node API. */
export { type ProblemFile, parseProblemFile } from './format.ts';
export { canBeMoved, type Move, movedProblem, type Placement, placementOf, randomRotation } from './moved.ts';
export { noisyValue } from './noise.ts';
export { rightBelief, withPriors, wrongBelief } from './priors.ts';
export { type MeasuredTimes, type Problem, problemOf, readProblem } from './problem.ts';
export { ProblemError } from './problem-error.ts';
export {
  bestSoFar,
  bootstrapDifference,
  type MeanDifference,
  mean,
  median,
  normalisedRegret,
  type RegretScale,
  standardError,
} from './regret.ts';
export { worstDeviation } from './vectors.ts';
