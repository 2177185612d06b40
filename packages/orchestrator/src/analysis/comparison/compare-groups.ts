import type { TrialRow } from '../../store/types.ts';
import { createRng } from '../../study/rng.ts';
import { commonBudgets } from './budgets.ts';
import { bestWithin, type Effort, type SearchPoint, searchCurve } from './search-curve.ts';
import { meanOf, type Spread, spreadOfMean } from './spread-of-mean.ts';
import { type Verdict, verdictsOf } from './verdicts.ts';

export interface ComparedSweep {
  readonly name: string;
  readonly seed: number;
  /** All of them, in any order. */
  readonly trials: readonly TrialRow[];
}

/** Sweeps that differ by their seeds alone; a single sweep is a group of one. */
export interface SweepGroup {
  readonly label: string;
  readonly sweeps: readonly ComparedSweep[];
}

export interface CompareOptions {
  readonly goal: 'minimize' | 'maximize';
  /** What the significance is tested at: the same number of trials, steps or seconds. @default 'trials' */
  readonly by?: Effort;
  /**
   * Whether a trial's result is its own, so that trials of single runs may be drawn in halves; false where it depends on
   * the trials before it (hypervolume). @default true
   */
  readonly areTrialsApart?: boolean;
  /** Of the bootstraps. @default 0 */
  readonly seed?: number;
}

export interface BudgetRow {
  readonly budget: number;
  /** One per group: mean of the best values so far; null while one of the group's sweeps has none. */
  readonly best: ReadonlyArray<Spread | null>;
}

export interface Comparison {
  readonly groups: ReadonlyArray<{ readonly label: string; readonly sweeps: readonly string[] }>;
  /** Best so far at common budgets, ascending; the last is all that the shortest sweep spent. */
  readonly budgets: Readonly<Record<Effort, readonly BudgetRow[]>>;
  readonly by: Effort;
  /** One per pair of groups, at the last common budget. */
  readonly verdicts: readonly Verdict[];
}

/**
 * Compares searches by the best value that each had for the same effort. Between groups of sweeps over seeds the
 * difference is tested; between single sweeps it can't be, and the trials are resampled instead (see `Verdict`).
 * @param groups at least two, each with at least one sweep
 */
export function compareGroups(
  groups: readonly SweepGroup[],
  { goal, by = 'trials', areTrialsApart = true, seed = 0 }: CompareOptions,
): Comparison {
  const curves = groups.map(({ sweeps }) => sweeps.map(({ trials }) => searchCurve(trials, goal)));
  const rows = (effort: Effort): BudgetRow[] =>
    commonBudgets(curves.flat(), effort).map((budget) => ({
      budget,
      best: curves.map((ofGroup, g) =>
        spreadAt(ofGroup, effort, budget, createRng(seed, g, `compare/${effort}/${budget}`)),
      ),
    }));
  const budgets = { trials: rows('trials'), steps: rows('steps'), seconds: rows('seconds') };
  const at = budgets[by].at(-1)?.budget ?? 0;
  return {
    groups: groups.map(({ label, sweeps }) => ({ label, sweeps: sweeps.map(({ name }) => name) })),
    budgets,
    by,
    verdicts: verdictsOf(groups, curves, { goal, by, at, areTrialsApart, seed }),
  };
}

function spreadAt(
  curves: ReadonlyArray<readonly SearchPoint[]>,
  effort: Effort,
  budget: number,
  rng: ReturnType<typeof createRng>,
): Spread | null {
  const best = curves.map((curve) => bestWithin(curve, effort, budget));
  const values = best.filter((value) => value !== null);
  if (values.length < best.length) return null;
  return values.length === 1 ? { mean: meanOf(values), low: null, high: null } : spreadOfMean(values, rng);
}
