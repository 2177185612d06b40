import { type AshaOptions, createAsha } from './asha.ts';
import { rungsFrom } from './rungs.ts';
import type { LossReport, Scheduler } from './scheduler.ts';

export interface HyperbandBracketsOptions extends AshaOptions {
  readonly maxIter: number;
}

/**
 * Hyperband's outer loop around asynchronous successive halving (L. Li et al., "Hyperband", JMLR 2018, Algorithm 1; the
 * asynchronous form is that of "A System for Massively Parallel Hyperparameter Tuning", MLSys 2020, section 3.2). Bracket
 * k has the rungs from minIter·eta^k on, so that one may stop early and another only late; a trial is judged among those
 * of its own bracket. Which one that is follows from its number alone.
 */
export function createHyperbandBrackets(options: HyperbandBracketsOptions): Scheduler {
  const { minIter, maxIter, eta } = options;
  const brackets = rungsFrom(minIter, maxIter, eta).map((first, k) =>
    createAsha({ ...options, minIter: first }, `hyperband: bracket ${k}`),
  );
  const shares = new BracketShares(bracketSizes(brackets.length, eta));
  const bracketOf = (number: number): Scheduler => brackets[shares.of(number)]!;
  return {
    name: 'hyperband',
    onReport: (report: LossReport) => bracketOf(report.number).onReport(report),
    onEnd: (number, state, loss) => bracketOf(number).onEnd(number, state, loss),
  };
}

/**
 * Trials with which each of `count` brackets begins, from the one with most rungs to the one with none: with
 * s = count - 1 - k, bracket k gets ⌈count · eta^s / (s + 1)⌉, so that all spend about the same number of steps.
 */
export function bracketSizes(count: number, eta: number): number[] {
  const sizes: number[] = [];
  let power = 1;
  for (let s = 0; s < count; s++) {
    sizes.push(Math.ceil((count * power) / (s + 1)));
    power *= eta;
  }
  return sizes.reverse();
}

/**
 * Deals numbers 0, 1, 2 … to brackets in proportion to their sizes, each next one to the bracket that has furthest to
 * catch up; of equals to the one with most rungs.
 */
export class BracketShares {
  readonly #sizes: readonly number[];
  readonly #total: number;
  readonly #behind: number[];
  readonly #dealt: number[] = [];

  constructor(sizes: readonly number[]) {
    this.#sizes = sizes;
    this.#total = sizes.reduce((sum, size) => sum + size, 0);
    this.#behind = sizes.map(() => 0);
  }

  of(number: number): number {
    while (this.#dealt.length <= number) this.#deal();
    return this.#dealt[number]!;
  }

  #deal(): void {
    let next = 0;
    for (const [k, size] of this.#sizes.entries()) {
      this.#behind[k] = this.#behind[k]! + size;
      if (this.#behind[k]! > this.#behind[next]!) next = k;
    }
    this.#behind[next] = this.#behind[next]! - this.#total;
    this.#dealt.push(next);
  }
}
