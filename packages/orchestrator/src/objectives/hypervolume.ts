import type { Losses } from './dominance.ts';
import { paretoFront } from './nondominated-ranks.ts';

/**
 * The exact volume of what the points dominate and the reference point bounds (Zitzler & Thiele 1998). Points that are
 * not better than the reference in every objective add nothing; duplicates and dominated points are allowed.
 *
 * One and two objectives by sorting, three by a sweep over a staircase, more by WFG (While, Bradstreet & Barone 2012).
 *
 * @param losses one vector per point, lower is better. A loss of -Infinity makes the volume infinite.
 * @param reference worse than everything that counts, one number per objective.
 */
export function hypervolume(losses: readonly Losses[], reference: Losses): number {
  const counted = within(losses, reference);
  if (counted.some((point) => boxOf(point, reference, reference.length) === Number.POSITIVE_INFINITY))
    return Number.POSITIVE_INFINITY;
  return volumeOf(counted, reference, reference.length);
}

/** The points that are better than the reference in every objective. */
export function within(losses: readonly Losses[], reference: Losses): Losses[] {
  return losses.filter((point) => {
    for (let m = 0; m < reference.length; m++) if (!(point[m]! < reference[m]!)) return false;
    return true;
  });
}

/** In the first `dimensions` objectives, for points that are all within the reference. */
export function volumeOf(points: readonly Losses[], reference: Losses, dimensions: number): number {
  if (points.length === 0) return 0;
  if (points.length === 1 || dimensions === 0) return boxOf(points[0]!, reference, dimensions);
  switch (dimensions) {
    case 1:
      return reference[0]! - points.reduce((low, point) => Math.min(low, point[0]!), reference[0]!);
    case 2:
      return areaOf(points, reference);
    case 3:
      return volumeBySweep(points, reference);
    default:
      return volumeBySlices(points, reference, dimensions);
  }
}

/** What one point dominates. */
export function boxOf(point: Losses, reference: Losses, dimensions: number): number {
  let volume = 1;
  for (let m = 0; m < dimensions; m++) volume *= reference[m]! - point[m]!;
  return volume;
}

/** The points cut to what `point` dominates (WFG's limit set). */
export function limitedTo(point: Losses, points: readonly Losses[], dimensions: number): Float64Array[] {
  return points.map((other) => {
    const limited = new Float64Array(dimensions);
    for (let m = 0; m < dimensions; m++) limited[m] = Math.max(point[m]!, other[m]!);
    return limited;
  });
}

function areaOf(points: readonly Losses[], reference: Losses): number {
  const order = [...points].sort((a, b) => ascending(a[0]!, b[0]!));
  let area = 0;
  let top = reference[1]!;
  for (const point of order) {
    if (point[1]! >= top) continue;
    area += (reference[0]! - point[0]!) * (top - point[1]!);
    top = point[1]!;
  }
  return area;
}

/** Upwards in the third objective, with the area that the points so far dominate in the first two. */
function volumeBySweep(points: readonly Losses[], reference: Losses): number {
  const order = [...points].sort((a, b) => ascending(a[2]!, b[2]!));
  const stairs = new Staircase(reference);
  let volume = 0;
  for (const [i, point] of order.entries()) {
    stairs.add(point[0]!, point[1]!);
    const next = order[i + 1]?.[2] ?? reference[2]!;
    if (next > point[2]!) volume += stairs.area * (next - point[2]!);
  }
  return volume;
}

/** A front of two objectives that grows, with the area below it. */
class Staircase {
  area = 0;
  readonly #reference: Losses;
  /** Ascending, the second coordinates descending. */
  readonly #x: number[] = [];
  readonly #y: number[] = [];

  constructor(reference: Losses) {
    this.#reference = reference;
  }

  add(x: number, y: number): void {
    let at = 0;
    let to = this.#x.length;
    while (at < to) {
      const middle = (at + to) >> 1;
      if (this.#x[middle]! <= x) at = middle + 1;
      else to = middle;
    }
    if (at > 0 && this.#y[at - 1]! <= y) return;
    // An earlier point of the same x is dominated as well.
    let from = at > 0 && this.#x[at - 1]! === x ? at - 1 : at;
    const first = from;
    let left = x;
    let height = this.#y[first - 1] ?? this.#reference[1]!;
    for (; from < this.#x.length && this.#y[from]! >= y; from++) {
      this.area += (this.#x[from]! - left) * (height - y);
      left = this.#x[from]!;
      height = this.#y[from]!;
    }
    this.area += ((this.#x[from] ?? this.#reference[0]!) - left) * (height - y);
    this.#x.splice(first, from - first, x);
    this.#y.splice(first, from - first, y);
  }
}

/**
 * WFG: each point adds what it dominates alone among those that follow. In descending order of the last objective all of
 * them are cut to the point's own value there, so that the rest is a volume of one dimension less.
 */
function volumeBySlices(points: readonly Losses[], reference: Losses, dimensions: number): number {
  const last = dimensions - 1;
  const front = paretoFront(points.map((point) => first(point, dimensions))).map((i) => points[i]!);
  front.sort((a, b) => ascending(b[last]!, a[last]!));
  let volume = 0;
  for (const [i, point] of front.entries()) {
    const height = reference[last]! - point[last]!;
    const covered = volumeOf(limitedTo(point, front.slice(i + 1), last), reference, last);
    volume += height * (boxOf(point, reference, last) - covered);
  }
  return volume;
}

function first(point: Losses, dimensions: number): Losses {
  return point.length === dimensions ? point : Array.from(point).slice(0, dimensions);
}

function ascending(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
