/** Of each constraint the first so many positive violations count: enough for a median, however long a history is. */
const COUNTED = 1_000;

/** As samplers see a trial: one entry per constraint, above 0 where it is violated; null where nothing is known. */
export interface WithViolations {
  readonly violations: readonly number[] | null;
}

/**
 * What one unit of each constraint is worth, so that milliseconds and fractions can be added: the median of its positive,
 * finite violations. 1 where there is none; and where there is only one constraint, whose unit decides nothing.
 *
 * @param trials in order of number: the same history gives the same scales. All have as many constraints.
 */
export function violationScales(trials: Iterable<WithViolations>): Float64Array {
  let positive: number[][] = [];
  let full = 0;
  for (const { violations } of trials) {
    if (violations === null) continue;
    if (violations.length < 2) return new Float64Array(violations.length).fill(1);
    if (positive.length === 0) positive = violations.map(() => []);
    for (const [c, counted] of positive.entries()) {
      const violation = violations[c]!;
      if (!(violation > 0) || violation === Number.POSITIVE_INFINITY || counted.length === COUNTED) continue;
      if (counted.push(violation) === COUNTED) full++;
    }
    if (full === positive.length) break;
  }
  return Float64Array.from(positive, (counted) => (counted.length === 0 ? 1 : medianOf(counted)));
}

/** The violations in units of their scales; what keeps a constraint still does. */
export function scaledViolations(violations: ArrayLike<number>, scales: ArrayLike<number>): Float64Array {
  return Float64Array.from(violations, (violation, c) => violation / scales[c]!);
}

function medianOf(values: readonly number[]): number {
  const ascending = Float64Array.from(values).sort();
  const middle = ascending.length >> 1;
  const upper = ascending[middle]!;
  // Half of each, not half of the sum, which may overflow.
  return ascending.length % 2 === 1 ? upper : ascending[middle - 1]! / 2 + upper / 2;
}
