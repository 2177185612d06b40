import { dominates, type Losses } from './dominance.ts';
import { totalViolation } from './feasibility.ts';

/**
 * The front on which each point lies (Deb et al. 2002, section III-A): 0 for what nothing dominates, 1 for what only
 * front 0 dominates, and so on. Equal points share a front.
 *
 * Points are taken in lexicographic order and looked up in the fronts by bisection (efficient non-dominated sort, Zhang
 * et al. 2015), which is O(n log n) for up to two objectives and O(M n²) at worst for more.
 *
 * @param losses one vector per point, all of the same length.
 * @param violations one vector per point: infeasible points then come behind every feasible one, by their total violation
 *   (constrained dominance, see feasibility.ts). Left out: no constraints.
 */
export function nondominatedRanks(
  losses: readonly Losses[],
  violations?: readonly ArrayLike<number>[],
): Int32Array {
  const ranks = new Int32Array(losses.length);
  const totals = violations?.map(totalViolation);
  const feasible: number[] = [];
  const infeasible: number[] = [];
  for (let i = 0; i < losses.length; i++)
    (totals !== undefined && totals[i]! > 0 ? infeasible : feasible).push(i);
  const fronts = rankFeasible(losses, feasible, ranks);
  if (totals !== undefined) rankByViolation(totals, infeasible, fronts, ranks);
  return ranks;
}

/** Numbers of the points that nothing dominates, ascending; the least violation where nothing is feasible. */
export function paretoFront(losses: readonly Losses[], violations?: readonly ArrayLike<number>[]): number[] {
  const totals = violations?.map(totalViolation);
  const least = totals?.reduce((low, total) => Math.min(low, total), Number.POSITIVE_INFINITY) ?? 0;
  const candidates: number[] = [];
  for (let i = 0; i < losses.length; i++) if (totals === undefined || totals[i] === least) candidates.push(i);
  if (least > 0) return candidates;
  const front: number[] = [];
  for (const i of inLexicographicOrder(losses, candidates)) {
    if (!isDominatedBy(losses, front, i)) front.push(i);
  }
  return front.sort((a, b) => a - b);
}

/** @returns the number of fronts. */
function rankFeasible(losses: readonly Losses[], points: number[], ranks: Int32Array): number {
  const fronts: number[][] = [];
  for (const i of inLexicographicOrder(losses, points)) {
    let from = 0;
    let to = fronts.length;
    // A front without a dominator has none behind it: whoever is there is itself dominated from this one.
    while (from < to) {
      const middle = (from + to) >> 1;
      if (isDominatedBy(losses, fronts[middle]!, i)) from = middle + 1;
      else to = middle;
    }
    if (from === fronts.length) fronts.push([i]);
    else fronts[from]!.push(i);
    ranks[i] = from;
  }
  return fronts.length;
}

function rankByViolation(
  totals: readonly number[],
  points: number[],
  firstRank: number,
  ranks: Int32Array,
): void {
  points.sort((a, b) => ascending(totals[a]!, totals[b]!));
  let rank = firstRank - 1;
  let last = Number.NaN;
  for (const i of points) {
    if (totals[i] !== last) rank++;
    last = totals[i]!;
    ranks[i] = rank;
  }
}

/** Nobody is dominated by one that comes behind it. */
function inLexicographicOrder(losses: readonly Losses[], points: readonly number[]): number[] {
  return [...points].sort((a, b) => {
    const [p, q] = [losses[a]!, losses[b]!];
    for (let m = 0; m < p.length; m++) if (p[m] !== q[m]) return p[m]! < q[m]! ? -1 : 1;
    return a - b;
  });
}

/** `front` holds earlier points in lexicographic order. */
function isDominatedBy(losses: readonly Losses[], front: readonly number[], i: number): boolean {
  const point = losses[i]!;
  // With two objectives the second falls along a front, so that its last member is the only one to ask.
  const first = point.length <= 2 ? front.length - 1 : 0;
  for (let k = front.length - 1; k >= Math.max(0, first); k--) {
    if (dominates(losses[front[k]!]!, point)) return true;
  }
  return false;
}

function ascending(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
