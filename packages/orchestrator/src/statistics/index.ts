/** Tests of significance that schedulers and analysis share. Pure: runs in a browser too. */
export { type MannWhitneyOptions, mannWhitney } from './mann-whitney.ts';
export {
  type PermutationOptions,
  type PermutationResult,
  permutationOfMeans,
  permutationOfPairs,
} from './permutation.ts';
export type { Alternative, TestResult } from './test-result.ts';
export { type WilcoxonOptions, wilcoxonSignedRank } from './wilcoxon-signed-rank.ts';
