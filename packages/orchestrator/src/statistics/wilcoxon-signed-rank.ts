import { doubledRanks } from './ranks.ts';
import { type Alternative, exactP, normalP, type TestResult } from './test-result.ts';

export interface WilcoxonOptions {
  /** `less`: the differences tend to be below 0. @default 'two-sided' */
  readonly alternative?: Alternative;
  /**
   * What becomes of differences of exactly 0: `drop` leaves them out (Wilcoxon 1945), `split` ranks them and gives
   * half of their ranks to each side. @default 'drop'
   */
  readonly zeros?: 'drop' | 'split';
}

/** Up to this many differences that are not 0, all 2^n signs are counted. */
const EXACT_UP_TO = 60;

/**
 * Wilcoxon's signed-rank test (Biometrics Bulletin 1, 1945) of paired differences: are they as often and as far above
 * 0 as below? The statistic is the rank sum of the positive ones. Exact (given the ties) for up to 60 differences that
 * are not 0, by counting the sums of all sign patterns; beyond, the normal approximation with the variance of the
 * ranks at hand, without continuity correction.
 * @param differences finite; NaN must be left out. p is 1 where none differs from 0.
 */
export function wilcoxonSignedRank(
  differences: readonly number[],
  { alternative = 'two-sided', zeros = 'drop' }: WilcoxonOptions = {},
): TestResult {
  const kept = zeros === 'drop' ? differences.filter((difference) => difference !== 0) : differences;
  const { ranks } = doubledRanks(kept.map(Math.abs));
  const signed: number[] = [];
  let positive = 0;
  let split = 0;
  for (const [i, difference] of kept.entries()) {
    if (difference === 0) split += ranks[i]! / 2;
    else signed.push(ranks[i]!);
    if (difference > 0) positive += ranks[i]!;
  }
  const statistic = (positive + split) / 2;
  if (signed.length <= EXACT_UP_TO) {
    return { statistic, p: exactP(signSums(signed), positive, alternative), method: 'exact' };
  }
  const total = signed.reduce((sum, rank) => sum + rank, 0);
  const variance = signed.reduce((sum, rank) => sum + rank * rank, 0) / 4;
  const p = normalP(positive - total / 2, Math.sqrt(variance), alternative, 0);
  return { statistic, p, method: 'normal' };
}

/** How probable each sum of the ranks with positive sign is when every sign is a fair coin. */
function signSums(ranks: readonly number[]): Float64Array {
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const counts = new Float64Array(total + 1);
  counts[0] = 1;
  let reached = 0;
  for (const rank of ranks) {
    reached += rank;
    for (let sum = reached; sum >= 0; sum--) {
      counts[sum] = 0.5 * (counts[sum]! + (sum >= rank ? counts[sum - rank]! : 0));
    }
  }
  return counts;
}
