import type { Encoding } from './encoding.ts';

/** A summand of the kernel and what is believed of its hyperparameters. */
export interface TermPlan {
  readonly columns: readonly number[];
  /** Share of the outputs' variance. */
  readonly weight: number;
  /** Centre of the length scales per root of the number of columns, because distances grow with it. */
  readonly scale: number;
  /** Standard deviation of the length scales' logarithm. */
  readonly spread: number;
}

/**
 * Length scales as Hvarfner, Hellsten and Nardi have them ("Vanilla Bayesian Optimization Performs Great in High
 * Dimensions", ICML 2024), growing with √d and with their spread of √3. Their centre of e^√2·√d is far too smooth alone
 * for a hundred trials: here one term follows ripples, one the slope of the whole, and one per condition tree what its
 * parameters do by themselves.
 */
const FINE = { scale: 0.2, spread: Math.sqrt(3) };
const BROAD = { scale: 2, spread: 0.7 };
const OF_EXTRA = { scale: 1, spread: 1 };

export function planTerms({ columns, trees, tasks, fidelity }: Encoding): TermPlan[] {
  const own = [...columns.keys()];
  const all = fidelity === null ? [...own, ...tasks] : [...own, ...tasks, fidelity];
  const terms: TermPlan[] = [
    { columns: all, weight: 1 / 3, ...FINE },
    { columns: all, weight: 1 / 3, ...BROAD },
  ];
  if (trees.length > 1)
    for (const tree of trees)
      terms.push({ columns: [...tree, ...tasks], weight: 1 / 3 / trees.length, ...FINE });
  if (fidelity !== null) terms.push({ columns: [fidelity, ...tasks], weight: 1 / 3, ...OF_EXTRA });
  return terms;
}
