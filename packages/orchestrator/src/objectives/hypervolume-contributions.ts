import { dominates, type Losses } from './dominance.ts';
import { boxOf, limitedTo, volumeOf, within } from './hypervolume.ts';

/**
 * What each point adds to the hypervolume that the others reach without it. 0 for dominated points, for each of several
 * equal ones, and for those not better than the reference in every objective; Infinity for a loss of -Infinity.
 */
export function hypervolumeContributions(losses: readonly Losses[], reference: Losses): Float64Array {
  const contributions = new Float64Array(losses.length);
  const counted = new Set(within(losses, reference));
  const dimensions = reference.length;
  for (const [i, point] of losses.entries()) {
    if (!counted.has(point)) continue;
    const others = losses.filter((other, j) => j !== i && counted.has(other));
    if (others.some((other) => dominates(other, point) || equals(other, point))) continue;
    const box = boxOf(point, reference, dimensions);
    const shared =
      box === Number.POSITIVE_INFINITY
        ? 0
        : volumeOf(limitedTo(point, others, dimensions), reference, dimensions);
    contributions[i] = box - shared;
  }
  return contributions;
}

function equals(a: Losses, b: Losses): boolean {
  for (let m = 0; m < a.length; m++) if (a[m] !== b[m]) return false;
  return true;
}
