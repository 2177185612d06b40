import {
  mannWhitney,
  permutationOfMeans,
  permutationOfPairs,
  wilcoxonSignedRank,
} from '../../statistics/index.ts';
import { createRng } from '../../study/rng.ts';
import type { ComparedSweep, SweepGroup } from './compare-groups.ts';
import { comparedHalves, type Halves } from './halves.ts';
import { bestWithin, type Effort, type SearchPoint } from './search-curve.ts';
import { meanOf, spreadOfMean } from './spread-of-mean.ts';

/** Of a tested difference: whether it is chance, by ranks and by means. All two-sided. */
interface Tested {
  /** By ranks: Wilcoxon's or Mann and Whitney's. */
  readonly p: number;
  /** After Holm's correction for all pairs of groups that were tested. */
  readonly adjustedP: number;
  /** Of the difference of the means, by permutation of the runs. */
  readonly meanP: number;
  readonly adjustedMeanP: number;
  /** The smallest p that so many runs could ever reach, by either test. */
  readonly leastP: number;
}

/** How two groups compare at one budget. */
export type Verdict = {
  /** Labels of the two groups. */
  readonly groups: readonly [string, string];
  /** In the unit of `Comparison.by`. */
  readonly budget: number;
  /** Mean of the first minus mean of the second, of the metric itself; null where one of them has no result. */
  readonly difference: number | null;
  /** Which mean is better; null: they are equal, or unknown. */
  readonly better: string | null;
} & (
  | ({
      /** The same seeds in both groups: Wilcoxon's signed ranks of the differences seed by seed. */
      readonly kind: 'wilcoxon';
      readonly pairs: number;
      /** Ends of the 95 % interval of the mean difference, by a bootstrap over pairs. */
      readonly interval: readonly [number, number];
    } & Tested)
  | ({
      /** Different seeds: Mann and Whitney's U of the best values. */
      readonly kind: 'mann-whitney';
      readonly runs: readonly [number, number];
    } & Tested)
  | {
      /** A single run on one side or both: no test over seeds is possible. */
      readonly kind: 'single-runs';
      /** Halves of the trials of both, drawn again and again; null where a side has several runs, and where trials can't be drawn by themselves. */
      readonly halves: Halves | null;
    }
  | { readonly kind: 'no-results' }
);

export interface VerdictContext {
  readonly goal: 'minimize' | 'maximize';
  readonly by: Effort;
  readonly at: number;
  readonly areTrialsApart: boolean;
  readonly seed: number;
}

/** @param curves per group and sweep */
export function verdictsOf(
  groups: readonly SweepGroup[],
  curves: ReadonlyArray<ReadonlyArray<readonly SearchPoint[]>>,
  context: VerdictContext,
): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const [i, a] of groups.entries()) {
    for (const [k, b] of groups.slice(i + 1).entries()) {
      const best = [i, i + 1 + k].map((g) =>
        curves[g]!.map((curve) => bestWithin(curve, context.by, context.at)),
      );
      verdicts.push(verdictOf(a, b, best[0]!, best[1]!, context));
    }
  }
  return corrected(verdicts);
}

function verdictOf(
  a: SweepGroup,
  b: SweepGroup,
  bestOfA: ReadonlyArray<number | null>,
  bestOfB: ReadonlyArray<number | null>,
  { goal, by, at, areTrialsApart, seed }: VerdictContext,
): Verdict {
  const groups = [a.label, b.label] as const;
  const first = bestOfA.filter((value) => value !== null);
  const second = bestOfB.filter((value) => value !== null);
  if (first.length < bestOfA.length || second.length < bestOfB.length) {
    return { groups, budget: at, difference: null, better: null, kind: 'no-results' };
  }
  const difference = meanOf(first) - meanOf(second);
  const isFirstBetter = goal === 'minimize' ? difference < 0 : difference > 0;
  const better = difference === 0 ? null : isFirstBetter ? a.label : b.label;
  const frame = { groups, budget: at, difference, better };
  if (first.length === 1 || second.length === 1) {
    const areSingle = areTrialsApart && first.length === 1 && second.length === 1;
    const rng = createRng(seed, 0, `halves/${a.label}/${b.label}`);
    const halves = areSingle ? comparedHalves(a.sweeps[0]!, b.sweeps[0]!, { goal, by, at }, rng) : null;
    return { ...frame, kind: 'single-runs', halves };
  }
  const permutations = () => createRng(seed, 0, `permutations/${a.label}/${b.label}`);
  const pairs = pairedBySeed(a.sweeps, b.sweeps);
  if (pairs !== null) {
    const differences = pairs.map(([i, k]) => first[i]! - second[k]!);
    const { p } = wilcoxonSignedRank(differences);
    const { p: meanP } = permutationOfPairs(differences, { rng: permutations() });
    const { low, high } = spreadOfMean(differences, createRng(seed, 0, `pairs/${a.label}/${b.label}`));
    return {
      ...frame,
      kind: 'wilcoxon',
      pairs: pairs.length,
      p,
      adjustedP: p,
      meanP,
      adjustedMeanP: meanP,
      interval: [low!, high!],
      leastP: Math.min(1, 2 ** (1 - pairs.length)),
    };
  }
  const { p } = mannWhitney(first, second);
  const { p: meanP } = permutationOfMeans(first, second, { rng: permutations() });
  const leastP = Math.min(1, 2 / binomial(first.length + second.length, first.length));
  return {
    ...frame,
    kind: 'mann-whitney',
    runs: [first.length, second.length],
    p,
    adjustedP: p,
    meanP,
    adjustedMeanP: meanP,
    leastP,
  };
}

/** Indices of the sweeps with the same seed; null unless every seed stands once on either side. */
function pairedBySeed(
  a: readonly ComparedSweep[],
  b: readonly ComparedSweep[],
): Array<readonly [number, number]> | null {
  const bySeed = new Map(b.map(({ seed }, index) => [seed, index]));
  const seeds = new Set(a.map(({ seed }) => seed));
  if (seeds.size !== a.length || bySeed.size !== b.length || a.length !== b.length) return null;
  const pairs = a.flatMap(({ seed }, index) => {
    const partner = bySeed.get(seed);
    return partner === undefined ? [] : [[index, partner] as const];
  });
  return pairs.length === a.length ? pairs : null;
}

function corrected(verdicts: readonly Verdict[]): Verdict[] {
  const tested = verdicts.filter((verdict) => 'p' in verdict);
  const byRanks = holm(tested.map(({ p }) => p));
  const byMeans = holm(tested.map(({ meanP }) => meanP));
  const place = new Map<Verdict, number>(tested.map((verdict, i) => [verdict, i]));
  return verdicts.map((verdict) => {
    const i = place.get(verdict);
    return i === undefined || !('p' in verdict)
      ? verdict
      : { ...verdict, adjustedP: byRanks[i]!, adjustedMeanP: byMeans[i]! };
  });
}

/** Holm's step-down correction (Scandinavian Journal of Statistics 6, 1979) of p-values. */
function holm(values: readonly number[]): Float64Array {
  const adjusted = new Float64Array(values.length);
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  let running = 0;
  for (const [rank, i] of order.entries()) {
    running = Math.max(running, Math.min(1, (values.length - rank) * values[i]!));
    adjusted[i] = running;
  }
  return adjusted;
}

function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return result;
}
