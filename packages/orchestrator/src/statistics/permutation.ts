import type { Rng } from '../study/rng.ts';
import type { Alternative } from './test-result.ts';

export interface PermutationResult {
  /** The mean of the differences, or the difference of the means. */
  readonly statistic: number;
  /** Above 0, at most 1. */
  readonly p: number;
  /** `exact`: all arrangements were counted; `drawn`: so many that some had to be drawn. */
  readonly method: 'exact' | 'drawn';
}

export interface PermutationOptions {
  /** `less`: the first tends to be below the second. @default 'two-sided' */
  readonly alternative?: Alternative;
  /** Draws where there are more than `MOST` arrangements. */
  readonly rng: Rng;
}

/** Arrangements that are counted one by one, and draws where there are more. */
const MOST = 20_000;
/** Sums of the same numbers in another order differ by their last digits. */
const TOLERANCE = 1e-12;

/**
 * Fisher's permutation test of paired differences (The Design of Experiments, 1935, section 21): is their mean as far from
 * 0 as if every sign were a fair coin? All 2^n signs where they are at most 20,000 (up to 14 pairs), else 20,000
 * draws, of which the observed one counts as another (Phipson & Smyth 2010), so that p is never 0.
 * @param differences at least 1, finite
 */
export function permutationOfPairs(
  differences: readonly number[],
  { alternative = 'two-sided', rng }: PermutationOptions,
): PermutationResult {
  const n = differences.length;
  const tally = new Tally(sumOf(differences), sumOf(differences.map(Math.abs)));
  const isExact = 2 ** n <= MOST;
  for (let k = 0; k < (isExact ? 2 ** n : MOST); k++) {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const isTurned = isExact ? ((k >> i) & 1) === 1 : rng.next() < 0.5;
      sum += isTurned ? -differences[i]! : differences[i]!;
    }
    tally.add(sum);
  }
  return { statistic: sumOf(differences) / n, ...tally.result(alternative, isExact) };
}

/**
 * The same of two independent samples (Pitman 1937): is the difference of their means as large as if the values had been
 * dealt out at random? All ways to deal where they are at most 20,000 (8 against 8), else 20,000 draws.
 * @param first at least 1 value, finite, as is `second`
 */
export function permutationOfMeans(
  first: readonly number[],
  second: readonly number[],
  { alternative = 'two-sided', rng }: PermutationOptions,
): PermutationResult {
  const [n, m] = [first.length, second.length];
  const centre = (sumOf(first) + sumOf(second)) / (n + m);
  // About their common mean the difference of the means is the first's sum times a constant.
  const values = [...first, ...second].map((value) => value - centre);
  const tally = new Tally(sumOf(values.slice(0, n)), sumOf(values.map(Math.abs)));
  const isExact = arrangements(n + m, n) <= MOST;
  if (isExact) eachSum(values, n, (sum) => tally.add(sum));
  else for (let k = 0; k < MOST; k++) tally.add(sumOfDrawn(values, n, rng));
  return { statistic: sumOf(first) / n - sumOf(second) / m, ...tally.result(alternative, isExact) };
}

/** How many arrangements come to no more, and to no less, than what was observed. */
class Tally {
  readonly #low: number;
  readonly #high: number;
  #below = 0;
  #above = 0;
  #all = 0;

  constructor(observed: number, size: number) {
    this.#low = observed - TOLERANCE * size;
    this.#high = observed + TOLERANCE * size;
  }

  add(sum: number): void {
    this.#all++;
    if (sum <= this.#high) this.#below++;
    if (sum >= this.#low) this.#above++;
  }

  result(alternative: Alternative, isExact: boolean): Pick<PermutationResult, 'p' | 'method'> {
    const more = isExact ? 0 : 1;
    const [below, above] = [this.#below, this.#above].map((count) => (count + more) / (this.#all + more));
    const method = isExact ? 'exact' : 'drawn';
    switch (alternative) {
      case 'less':
        return { p: below!, method };
      case 'greater':
        return { p: above!, method };
      case 'two-sided':
        return { p: Math.min(1, 2 * Math.min(below!, above!)), method };
    }
  }
}

/** Of every subset of so many values. */
function eachSum(values: readonly number[], size: number, visit: (sum: number) => void): void {
  const from = (start: number, left: number, sum: number): void => {
    if (left === 0) visit(sum);
    else for (let i = start; i <= values.length - left; i++) from(i + 1, left - 1, sum + values[i]!);
  };
  from(0, size, 0);
}

/** Shuffles the values' beginning in place. */
function sumOfDrawn(values: number[], size: number, rng: Rng): number {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    const k = i + rng.int(values.length - i);
    [values[i], values[k]] = [values[k]!, values[i]!];
    sum += values[i]!;
  }
  return sum;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** n over k. */
function arrangements(n: number, k: number): number {
  let count = 1;
  for (let i = 1; i <= k; i++) count = (count * (n - k + i)) / i;
  return count;
}
