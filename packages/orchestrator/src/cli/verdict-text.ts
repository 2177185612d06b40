import { type Effort, significant, type Verdict } from '../analysis/index.ts';
import { paint } from './context.ts';
import { timeText } from './duration-text.ts';

const SIGNIFICANCE = 0.05;

/** A verdict in words: what was tested, how sure it is, and what it can't say. */
export function verdictLines(verdict: Verdict, by: Effort, unit: string): string[] {
  const [a, b] = verdict.groups;
  const after = by === 'seconds' ? `after ${timeText(verdict.budget)}` : `after ${verdict.budget} ${unit}`;
  switch (verdict.kind) {
    case 'no-results':
      return [`${a} and ${b}: one of the sweeps has no complete trial ${after}; nothing to compare.`];
    case 'single-runs':
      return singleLines(verdict, after);
    case 'wilcoxon': {
      const { difference, interval } = verdict;
      // As far as the better one is ahead, so from its side.
      const [low, high] = (difference ?? 0) < 0 ? [-interval[1], -interval[0]] : interval;
      const test = `Wilcoxon's signed ranks over ${verdict.pairs} seeds, ${pText(verdict)}`;
      return testedLines(verdict, `${after} (${significant(low)} to ${significant(high)}; ${test})`);
    }
    case 'mann-whitney':
      return testedLines(
        verdict,
        `${after} (Mann-Whitney's U over ${verdict.runs.join(' and ')} runs, ${pText(verdict)})`,
      );
  }
}

type Tested = Extract<Verdict, { p: number }>;

function testedLines(verdict: Tested, how: string): string[] {
  const ahead = aheadText(verdict);
  const [byRanks, byMeans] = [verdict.adjustedP < SIGNIFICANCE, verdict.adjustedMeanP < SIGNIFICANCE];
  if (byRanks && byMeans) return [paint('green', `${ahead} ${how}. The difference is significant.`)];
  if (byRanks !== byMeans) {
    return [
      paint('yellow', `${ahead} ${how}. The tests disagree.`),
      byRanks
        ? '  One side is better in most runs, but single runs decide the means: look at them before you choose.'
        : '  The means differ by more than chance, but not how often one side is the better one: a few runs differ by much.',
    ];
  }
  const lines = [`${ahead} ${how}. The difference may be chance.`];
  if (verdict.leastP >= SIGNIFICANCE) {
    const needed = verdict.kind === 'wilcoxon' ? '6 seeds' : '4 runs';
    lines.push(
      `  So few runs can't show any difference: p can't fall below ${significant(verdict.leastP, 2)}. It takes ${needed} of each.`,
    );
  }
  return lines;
}

function singleLines(verdict: Extract<Verdict, { kind: 'single-runs' }>, after: string): string[] {
  const lines = [
    `${aheadText(verdict)} ${after}.`,
    '  One run each proves nothing: another seed may turn it round. Launch both with other seeds (--set seed=N) and compare the groups.',
  ];
  if (verdict.halves === null) return lines;
  const { firstIsBetter, interval, trials } = verdict.halves;
  lines.push(
    `  Of random halves of the trials (${trials.join(' and ')}), ${verdict.groups[0]}'s best is the better one in ${Math.round(100 * firstIsBetter)} %; ` +
      `the difference (${verdict.groups.join(' minus ')}) lies between ${significant(interval[0])} and ${significant(interval[1])} in 95 %.`,
  );
  return lines;
}

function aheadText({ groups: [a, b], better, difference }: Verdict): string {
  if (better === null || difference === null) return `${a} and ${b} are level`;
  const other = better === a ? b : a;
  return `${better} is ahead of ${other} by ${significant(Math.abs(difference))}`;
}

function pText({ p, adjustedP, meanP, adjustedMeanP }: Tested): string {
  return `${correctedText(p, adjustedP)}; of the means by permutation ${correctedText(meanP, adjustedMeanP)}`;
}

function correctedText(p: number, adjustedP: number): string {
  const text = `p ${pValue(p)}`;
  return adjustedP === p ? text : `${text}, ${pValue(adjustedP)} after Holm's correction`;
}

function pValue(p: number): string {
  return p < 1e-4 ? '< 0.0001' : `= ${significant(p, 2)}`;
}
