import { doubledRanks } from './ranks.ts';
import { type Alternative, exactP, normalP, type TestResult } from './test-result.ts';

export interface MannWhitneyOptions {
  /** `less`: the first sample tends to be below the second. @default 'two-sided' */
  readonly alternative?: Alternative;
}

/** Up to this many values in both samples together, all ways to divide them are counted. */
const EXACT_UP_TO = 60;

/**
 * Mann and Whitney's U test (Annals of Mathematical Statistics 18, 1947) of two independent samples: does one tend to
 * be larger? The statistic is U of the first sample: the pairs in which it is the larger one, ties counted half. Exact
 * (given the ties) for up to 60 values in all; beyond, the normal approximation with the variance corrected for ties
 * and a continuity correction.
 * @param first at least 1 value, finite, as is `second`
 */
export function mannWhitney(
  first: readonly number[],
  second: readonly number[],
  { alternative = 'two-sided' }: MannWhitneyOptions = {},
): TestResult {
  const [n, m] = [first.length, second.length];
  const { ranks, tieTerm } = doubledRanks([...first, ...second]);
  let rankSum = 0;
  for (let i = 0; i < n; i++) rankSum += ranks[i]!;
  const statistic = rankSum / 2 - (n * (n + 1)) / 2;
  const all = n + m;
  if (all <= EXACT_UP_TO) {
    return { statistic, p: exactP(subsetSums(ranks, n), rankSum, alternative), method: 'exact' };
  }
  const variance = ((n * m) / 12) * (all + 1 - tieTerm / (all * (all - 1)));
  const p = normalP(statistic - (n * m) / 2, Math.sqrt(variance), alternative, 0.5);
  return { statistic, p, method: 'normal' };
}

/** How many subsets of `size` ranks have each sum. */
function subsetSums(ranks: Int32Array, size: number): Float64Array {
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const bySize = Array.from({ length: size + 1 }, () => new Float64Array(total + 1));
  bySize[0]![0] = 1;
  for (const [index, rank] of ranks.entries()) {
    for (let k = Math.min(size, index + 1); k >= 1; k--) {
      const [more, fewer] = [bySize[k]!, bySize[k - 1]!];
      for (let sum = rank; sum <= total; sum++) more[sum] = more[sum]! + fewer[sum - rank]!;
    }
  }
  return bySize[size]!;
}
