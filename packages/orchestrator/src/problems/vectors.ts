import type { ProblemFile } from './format.ts';
import type { Problem } from './problem.ts';

/**
 * Evaluates the points that a problem file brings with it.
 * @returns the largest deviation from the expected values and curves, relative to values beyond 1 in size.
 */
export function worstDeviation(problem: Problem, vectors: ProblemFile['vectors']): number {
  let worst = 0;
  for (const { params, value, curve = [] } of vectors) {
    worst = Math.max(worst, deviation(problem.evaluate(params), value));
    const got = problem.curve(params);
    for (const [k, expected] of curve.entries()) worst = Math.max(worst, deviation(got[k]!, expected));
  }
  return worst;
}

function deviation(got: number, expected: number): number {
  const size = Math.abs(got - expected) / Math.max(1, Math.abs(expected));
  return Number.isNaN(size) ? Number.POSITIVE_INFINITY : size;
}
