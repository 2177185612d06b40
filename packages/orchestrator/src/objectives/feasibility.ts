/**
 * How far a point is from keeping all constraints: the sum of what lies above 0. 0 for a feasible point and where there
 * are no constraints; a violation that is not a number counts as infinite.
 */
export function totalViolation(violations: ArrayLike<number>): number {
  let sum = 0;
  for (let c = 0; c < violations.length; c++) {
    const violation = violations[c]!;
    if (Number.isNaN(violation)) return Number.POSITIVE_INFINITY;
    if (violation > 0) sum += violation;
  }
  return sum;
}

/** Whether every constraint is kept. A bound is kept by the value that equals it. */
export function isFeasible(violations: ArrayLike<number>): boolean {
  return totalViolation(violations) === 0;
}

/**
 * The one rule of feasibility (Deb et al. 2002, section VI): what keeps the constraints stands before what does not, and
 * of two that do not, the one with the smaller total violation. Below 0 where `a` comes first, 0 where the rule says
 * nothing and the losses decide.
 */
export function compareFeasibility(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [inA, inB] = [totalViolation(a), totalViolation(b)];
  return inA === inB ? 0 : inA < inB ? -1 : 1;
}
