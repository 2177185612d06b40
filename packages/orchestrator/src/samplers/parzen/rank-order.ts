/** The last tier. */
export const INFEASIBLE = 2;

/** What decides a trial's place: tiers first, then two numbers, lower is better, then the trial's number. */
export interface RankKey {
  readonly number: number;
  /** 0: complete and feasible, 1: pruned, 2: `INFEASIBLE`. */
  readonly tier: number;
  readonly first: number;
  readonly second: number;
}

/** Many new trials at once (a resumed sweep) are sorted, few are inserted. */
const SORTED_TOGETHER = 32;

/** Trials in order of rank, best first. Keys and order are typed arrays: 100,000 trials take 3 MB. */
export class RankOrder {
  #order = new Int32Array(64);
  #size = 0;
  readonly #added: number[] = [];
  /** By trial number. */
  #tiers = new Uint8Array(64);
  #firsts = new Float64Array(64);
  #seconds = new Float64Array(64);

  /** Trial numbers, best first; valid until the next `settle`. */
  get order(): Int32Array {
    return this.#order.subarray(0, this.#size);
  }

  get size(): number {
    return this.#size;
  }

  /** How many of the best are complete and feasible. */
  get feasible(): number {
    return this.#firstOfTier(1);
  }

  /** The trial takes its place at the next `settle`. */
  add({ number, tier, first, second }: RankKey): void {
    if (number >= this.#tiers.length) this.#widen(number + 1);
    this.#tiers[number] = tier;
    this.#firsts[number] = first;
    this.#seconds[number] = second;
    this.#added.push(number);
  }

  /** Takes a trial out that has been settled. */
  remove(number: number): void {
    const at = this.#placeOf(number);
    this.#order.copyWithin(at, at + 1, this.#size);
    this.#size--;
  }

  settle(): void {
    const added = this.#added;
    if (added.length === 0) return;
    const total = this.#size + added.length;
    if (total > this.#order.length) this.#order = widened(this.#order, total, Int32Array);
    if (added.length > SORTED_TOGETHER) {
      this.#order.set(added, this.#size);
      this.#size = total;
      this.order.sort((a, b) => this.#compare(a, b));
    } else {
      for (const number of added) this.#insert(number);
    }
    added.length = 0;
  }

  /** Gives every trial of a tier another first number. All trials have settled. */
  rescore(tier: number, firstOf: (number: number) => number): void {
    const from = this.#firstOfTier(tier);
    const to = this.#firstOfTier(tier + 1);
    const trials = this.#order.subarray(from, to);
    for (const number of trials) this.#firsts[number] = firstOf(number);
    trials.sort((a, b) => this.#compare(a, b));
  }

  #insert(number: number): void {
    const at = this.#placeOf(number);
    this.#order.copyWithin(at + 1, at, this.#size);
    this.#order[at] = number;
    this.#size++;
  }

  /** How many are of better tiers. */
  #firstOfTier(tier: number): number {
    let from = 0;
    let to = this.#size;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#tiers[this.#order[middle]!]! >= tier) to = middle;
      else from = middle + 1;
    }
    return from;
  }

  /** How many come before it. */
  #placeOf(number: number): number {
    let from = 0;
    let to = this.#size;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#compare(this.#order[middle]!, number) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #compare(a: number, b: number): number {
    return (
      this.#tiers[a]! - this.#tiers[b]! ||
      compare(this.#firsts[a]!, this.#firsts[b]!) ||
      compare(this.#seconds[a]!, this.#seconds[b]!) ||
      a - b
    );
  }

  #widen(needed: number): void {
    this.#tiers = widened(this.#tiers, needed, Uint8Array);
    this.#firsts = widened(this.#firsts, needed, Float64Array);
    this.#seconds = widened(this.#seconds, needed, Float64Array);
  }
}

/** Infinities are equal to themselves: their difference is not. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

interface Settable<T> {
  readonly length: number;
  set(from: T): void;
}

function widened<T extends Settable<T>>(old: T, needed: number, Kind: new (length: number) => T): T {
  const wider = new Kind(Math.max(needed, 2 * old.length));
  wider.set(old);
  return wider;
}
