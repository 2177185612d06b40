import type { Losses } from './dominance.ts';

/**
 * How much room each point has on its front (Deb et al. 2002, section III-B): the sum over the objectives of the gap
 * between its two neighbours, as a share of the front's range. The ends of the front get Infinity; so does a point next
 * to an infinite loss. An objective in which all are equal adds nothing.
 *
 * @param losses the vectors of one front, all of the same length.
 */
export function crowdingDistances(losses: readonly Losses[]): Float64Array {
  const distances = new Float64Array(losses.length);
  const objectives = losses[0]?.length ?? 0;
  for (let m = 0; m < objectives; m++) {
    const order = losses.map((_, i) => i).sort((a, b) => compare(losses[a]![m]!, losses[b]![m]!) || a - b);
    const range = finiteRange(order.map((i) => losses[i]![m]!));
    distances[order[0]!] = Number.POSITIVE_INFINITY;
    distances[order.at(-1)!] = Number.POSITIVE_INFINITY;
    for (let k = 1; k < order.length - 1; k++) {
      const [below, above] = [losses[order[k - 1]!]![m]!, losses[order[k + 1]!]![m]!];
      if (above > below) distances[order[k]!]! += (above - below) / range;
    }
  }
  return distances;
}

/** 1 where there is none: only infinite gaps are left then. */
function finiteRange(ascending: readonly number[]): number {
  const finite = ascending.filter(Number.isFinite);
  const range = finite.length === 0 ? 0 : finite.at(-1)! - finite[0]!;
  return range > 0 ? range : 1;
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
