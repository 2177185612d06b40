import { normalCdf } from '../space/normal.ts';

/** Against which the null hypothesis is tested: `less` says that the first tends to be below the second. */
export type Alternative = 'two-sided' | 'less' | 'greater';

export interface TestResult {
  readonly statistic: number;
  /** 0..1. */
  readonly p: number;
  /** `exact`: all arrangements were counted, ties included; `normal`: the approximation for large samples. */
  readonly method: 'exact' | 'normal';
}

/**
 * The p-value of an observed sum in a symmetric or skewed distribution over 0..counts.length-1.
 * @param counts arrangements (or their probabilities) per value of the statistic
 */
export function exactP(counts: Float64Array, observed: number, alternative: Alternative): number {
  let below = 0;
  let above = 0;
  let total = 0;
  for (let value = 0; value < counts.length; value++) {
    const count = counts[value]!;
    total += count;
    if (value <= observed) below += count;
    if (value >= observed) above += count;
  }
  if (alternative === 'less') return Math.min(1, below / total);
  if (alternative === 'greater') return Math.min(1, above / total);
  return Math.min(1, (2 * Math.min(below, above)) / total);
}

/**
 * @param deviation of the statistic from its mean
 * @param continuity half the distance between neighbouring values of the statistic, or 0
 */
export function normalP(
  deviation: number,
  standardDeviation: number,
  alternative: Alternative,
  continuity: number,
): number {
  if (standardDeviation === 0) return 1;
  switch (alternative) {
    case 'less':
      return normalCdf((deviation + continuity) / standardDeviation);
    case 'greater':
      return normalCdf((continuity - deviation) / standardDeviation);
    case 'two-sided':
      return Math.min(1, 2 * normalCdf((continuity - Math.abs(deviation)) / standardDeviation));
  }
}
