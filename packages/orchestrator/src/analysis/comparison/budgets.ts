import type { Effort, SearchPoint } from './search-curve.ts';

/**
 * Budgets at which all searches can be compared: 1, 2, 5, 10, 20, 50 … below what the shortest of them spent, and that
 * itself. Empty where one of them spent nothing.
 */
export function commonBudgets(curves: ReadonlyArray<readonly SearchPoint[]>, effort: Effort): number[] {
  const least = Math.min(...curves.map((curve) => curve.at(-1)?.[effort] ?? 0));
  if (!(least > 0)) return [];
  const budgets: number[] = [];
  for (let decade = 1; decade < least; decade *= 10) {
    for (const factor of [1, 2, 5]) if (decade * factor < least) budgets.push(decade * factor);
  }
  return [...budgets, least];
}
