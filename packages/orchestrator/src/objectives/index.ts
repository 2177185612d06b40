export { constrainedDominates, type Outcome } from './constrained-dominance.ts';
export { crowdingDistances } from './crowding.ts';
export { dominates, type Losses } from './dominance.ts';
export { compareFeasibility, isFeasible, totalViolation } from './feasibility.ts';
export { hypervolume } from './hypervolume.ts';
export { hypervolumeContributions } from './hypervolume-contributions.ts';
export { nondominatedRanks, paretoFront } from './nondominated-ranks.ts';
export { referencePoint } from './reference-point.ts';
export { scaledViolations, violationScales } from './violation-scales.ts';
