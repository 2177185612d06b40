import type { Space } from '../../space/types.ts';
import type { AnalysedTrial } from '../analysed-trials.ts';
import { fanovaImportance } from './fanova.ts';
import { pedAnovaImportance } from './ped-anova.ts';

export type ImportanceMethod = 'ped-anova' | 'fanova';

export interface ImportanceOptions {
  /** @default 'ped-anova' */
  readonly method?: ImportanceMethod;
  readonly goal: 'minimize' | 'maximize';
  /** Of PED-ANOVA: importance for belonging to this best share of the trials, above 0 and below 1. @default 0.1 */
  readonly quantile?: number;
  /** Of the forest. @default 0 */
  readonly seed?: number;
}

export interface ParameterImportance {
  readonly name: string;
  /** 0..1; all of them sum to 1. */
  readonly importance: number;
  /** fANOVA: the part that the parameter has alone; the rest is its half of each interaction. null: not told apart. */
  readonly main: number | null;
  /** Trials that have the parameter, as a share of all; below 1 under a condition. */
  readonly present: number;
}

export interface InteractionImportance {
  readonly parameters: readonly [string, string];
  /** 0..1, in the unit of `main`: all mains and interactions sum to 1. */
  readonly importance: number;
}

export interface Importance {
  readonly method: ImportanceMethod;
  /** Complete trials with a result that counted. */
  readonly trials: number;
  /** Left out: no result, or NaN. */
  readonly dropped: number;
  /** PED-ANOVA: trials that counted as the best, at least the quantile, with all that equal the last of them. null with fANOVA. */
  readonly best: number | null;
  /** Infinite results, counted as the most extreme finite one. */
  readonly imputed: number;
  /** Most important first. */
  readonly parameters: readonly ParameterImportance[];
  /** Largest first; empty with PED-ANOVA, which does not know them. */
  readonly interactions: readonly InteractionImportance[];
  /**
   * fANOVA: share of the variance that the forest predicts for trials that it has not seen. Where it is low, so is what
   * the importances are worth. null with PED-ANOVA.
   */
  readonly rSquared: number | null;
  /** False where nothing could be told apart (all results alike): the importances are then equal by convention. */
  readonly isKnown: boolean;
}

/** Fewer trials than this say nothing about importance. */
export const LEAST_TRIALS_FOR_IMPORTANCE = 10;

/**
 * How much each parameter decides the result. Constants and parameters that had one value in all trials get 0.
 * @param trials the complete ones
 */
export function parameterImportance(
  space: Space,
  trials: readonly AnalysedTrial[],
  options: ImportanceOptions,
): Importance {
  return options.method === 'fanova'
    ? fanovaImportance(space, trials, options)
    : pedAnovaImportance(space, trials, options);
}
