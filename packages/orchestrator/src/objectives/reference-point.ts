import type { Losses } from './dominance.ts';

/** Room beyond the worst point, as a share of the range (Ishibuchi et al. 2018 show why the ends need some). */
const MARGIN = 0.1;

/**
 * A reference point for hypervolumes where the user names none: in each objective the worst finite loss and a tenth of
 * the range beyond it. Where an objective has one value only, a tenth of that value; where it has no finite one, 0.
 *
 * @param losses one vector per point, at least one.
 */
export function referencePoint(losses: readonly Losses[]): number[] {
  return Array.from({ length: losses[0]!.length }, (_, m) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const point of losses) {
      if (!Number.isFinite(point[m]!)) continue;
      low = Math.min(low, point[m]!);
      high = Math.max(high, point[m]!);
    }
    if (low > high) return 0;
    return high + MARGIN * (high - low || Math.abs(high) || 1);
  });
}
