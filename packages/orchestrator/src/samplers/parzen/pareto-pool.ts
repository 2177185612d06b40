import { crowdingDistances } from '../../objectives/crowding.ts';
import { dominates } from '../../objectives/dominance.ts';
import { hypervolumeContributions } from '../../objectives/hypervolume-contributions.ts';
import { nondominatedRanks } from '../../objectives/nondominated-ranks.ts';
import { referencePoint } from '../../objectives/reference-point.ts';

/** Ranks are worked out among the front and so many of the newest trials. */
const NEWEST = 1_000;
/** Of a longer front only those with the most room around them are compared by hypervolume, whose cost grows fast. */
const COMPARED = 100;

/** Complete, feasible trials with several losses each, and which of them are the best. */
export class ParetoPool {
  /** By trial number; holes where there is none. */
  readonly #losses: Array<readonly number[]> = [];
  readonly #numbers: number[] = [];
  #front: number[] = [];

  get size(): number {
    return this.#numbers.length;
  }

  add(number: number, losses: readonly number[]): void {
    this.#losses[number] = losses;
    let at = this.#numbers.length;
    while (at > 0 && this.#numbers[at - 1]! > number) at--;
    this.#numbers.splice(at, 0, number);
    if (this.#front.some((other) => dominates(this.#losses[other]!, losses))) return;
    this.#front = this.#front.filter((other) => !dominates(losses, this.#losses[other]!));
    this.#front.push(number);
  }

  /**
   * The best `count`, best first: front by front (nondominated ranks), within a front by what each adds to the front's
   * hypervolume (Ozaki et al., "Multiobjective Tree-Structured Parzen Estimator", JAIR 73, 2022).
   */
  best(count: number): number[] {
    const pool = [...new Set([...this.#front, ...this.#numbers.slice(-NEWEST)])].sort((a, b) => a - b);
    const ranks = nondominatedRanks(pool.map((number) => this.#losses[number]!));
    const fronts: number[][] = [];
    for (const [i, number] of pool.entries()) {
      const front = fronts[ranks[i]!];
      if (front === undefined) fronts[ranks[i]!] = [number];
      else front.push(number);
    }
    const best: number[] = [];
    for (const front of fronts) {
      if (best.length >= count) break;
      best.push(...this.#byRoom(front));
    }
    return best.slice(0, count);
  }

  #byRoom(front: readonly number[]): number[] {
    const losses = front.map((number) => this.#losses[number]!);
    const crowding = crowdingDistances(losses);
    const order = [...front.keys()].sort(
      (a, b) => compare(crowding[b]!, crowding[a]!) || front[a]! - front[b]!,
    );
    const compared = order.slice(0, COMPARED);
    const some = compared.map((i) => losses[i]!);
    const gains = hypervolumeContributions(some, referencePoint(some));
    const places = [...compared.keys()].sort((a, b) => compare(gains[b]!, gains[a]!) || a - b);
    return [...places.map((place) => compared[place]!), ...order.slice(COMPARED)].map((i) => front[i]!);
  }
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
