import type { Params } from '../space/types.ts';

/** What importance and partial dependence need of a trial. */
export interface AnalysedTrial {
  readonly params: Params;
  /** The metric in its own sign; null and NaN: no result. */
  readonly value: number | null;
}

/** Trials with a finite loss each, and what was done to get there. */
export interface FiniteLosses {
  readonly params: readonly Params[];
  /** Lower is better; one per entry of `params`. */
  readonly losses: Float64Array;
  /** Trials without a result, or with NaN: left out. */
  readonly dropped: number;
  /** Trials with an infinite result: they count as the worst (the best, for the other sign) finite one. */
  readonly imputed: number;
}

/**
 * Losses to explain. An infinite result says where a region is bad (or good), so it is kept as the most extreme finite
 * one; NaN and missing results say nothing and are dropped.
 */
export function finiteLosses(trials: readonly AnalysedTrial[], goal: 'minimize' | 'maximize'): FiniteLosses {
  const sign = goal === 'minimize' ? 1 : -1;
  const kept = trials.filter(({ value }) => value !== null && !Number.isNaN(value));
  const losses = Float64Array.from(kept, ({ value }) => sign * value!);
  const finite = losses.filter(Number.isFinite);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const loss of finite) {
    low = Math.min(low, loss);
    high = Math.max(high, loss);
  }
  if (finite.length === 0) return { params: [], losses: finite, dropped: trials.length, imputed: 0 };
  return {
    params: kept.map(({ params }) => params),
    losses: losses.map((loss) => Math.min(high, Math.max(low, loss))),
    dropped: trials.length - kept.length,
    imputed: losses.length - finite.length,
  };
}
