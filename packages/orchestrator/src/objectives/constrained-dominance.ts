import { dominates, type Losses } from './dominance.ts';
import { totalViolation } from './feasibility.ts';

/** What came out at one point. */
export interface Outcome {
  readonly losses: Losses;
  /** Above 0 where a constraint is violated; empty without constraints. */
  readonly violations: ArrayLike<number>;
}

/**
 * Constrained dominance (Deb et al. 2002, section VI, definition 1): feasible before infeasible, of two infeasible points
 * the one with the smaller total violation whatever its losses, of two feasible ones Pareto dominance.
 */
export function constrainedDominates(a: Outcome, b: Outcome): boolean {
  const [inA, inB] = [totalViolation(a.violations), totalViolation(b.violations)];
  if (inA > 0 || inB > 0) return inA < inB;
  return dominates(a.losses, b.losses);
}
