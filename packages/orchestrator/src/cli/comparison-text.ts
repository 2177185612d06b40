import {
  type BudgetRow,
  configDifferences,
  type Effort,
  type ExpectedBest,
  significant,
} from '../analysis/index.ts';
import type { ComparedSweeps } from './compare.ts';
import { paint } from './context.ts';
import { timeText } from './duration-text.ts';
import type { NamedGroup } from './sweep-groups.ts';
import { renderTable } from './table.ts';
import { verdictLines } from './verdict-text.ts';

/** What `tfsweep compare` prints: configs, best so far at equal cost, verdicts, what more trials may bring. */
export function comparisonLines(compared: ComparedSweeps): string[] {
  const { groups, comparison, measure } = compared;
  const { fidelity } = groups[0]!.sweeps[0]!.config;
  const units = { trials: 'trials', steps: fidelity?.unit ?? 'steps', seconds: 'time' };
  const hasRuns = groups.some(({ sweeps }) => sweeps.length > 1);
  const title = `Best ${measure.name} so far${hasRuns ? ', mean of the runs and its 95 % interval' : ''}`;
  const lines = [...differenceLines(groups), '', paint('bold', title)];
  for (const effort of ['trials', 'steps', 'seconds'] as const) {
    // One row of steps or time says what matters: who got farther for all of it.
    const rows = effort === 'trials' ? comparison.budgets[effort] : comparison.budgets[effort].slice(-1);
    // Trials that report nothing train no steps.
    if (rows.length > 0) lines.push(...budgetLines(groups, rows, effort, units[effort]), '');
  }
  for (const verdict of comparison.verdicts) {
    lines.push(...verdictLines(verdict, comparison.by, units[comparison.by]));
  }
  return [...lines, '', ...expectedLines(compared)];
}

function differenceLines(groups: readonly NamedGroup[]): string[] {
  const sweeps = groups.flatMap((group) => group.sweeps);
  const differences = configDifferences(sweeps.map(({ config }) => config));
  let start = 0;
  const ranges = groups.map((group) => {
    const range = [start, start + group.sweeps.length] as const;
    start = range[1];
    return range;
  });
  const rows = differences.flatMap(({ path, values }) => {
    const cells = ranges.map(([from, to]) =>
      [...new Set(values.slice(from, to).map((value) => value ?? '-'))].sort().join(' | '),
    );
    // What varies alike on all sides (the seeds, as a rule) is no difference between them.
    return cells.every((cell) => cell === cells[0]) ? [] : [[path, ...cells]];
  });
  if (rows.length === 0) return ['The sweeps have the same config.'];
  const [titles, ...table] = renderTable(
    [{ title: 'config' }, ...groups.map(({ label }) => ({ title: label }))],
    rows,
  );
  return [paint('bold', titles!), ...table];
}

function budgetLines(
  groups: readonly NamedGroup[],
  rows: readonly BudgetRow[],
  effort: Effort,
  unit: string,
): string[] {
  const cells = rows.map(({ budget, best }) => [
    effort === 'seconds' ? timeText(budget) : String(budget),
    ...best.map((spread) => {
      if (spread === null) return '-';
      const { mean, low, high } = spread;
      const interval = low === null || high === null ? '' : ` (${significant(low)} to ${significant(high)})`;
      return significant(mean, 5) + interval;
    }),
  ]);
  const [titles, ...table] = renderTable(
    [
      { title: unit, align: 'right' },
      ...groups.map(({ label }) => ({ title: label, align: 'right' }) as const),
    ],
    cells,
  );
  return [paint('dim', titles!), ...table];
}

function expectedLines({ groups, expected }: ComparedSweeps): string[] {
  const rows = groups
    .flatMap((group) => group.sweeps)
    .map(({ id, name }) => [name, ...expectedCells(expected.get(id)!)]);
  const [titles, ...table] = renderTable(
    [
      { title: 'with as many trials again' },
      { title: 'expected best', align: 'right' },
      { title: '90 % interval' },
      { title: 'improves', align: 'right' },
    ],
    rows,
  );
  return [paint('dim', titles!), ...table];
}

function expectedCells(expected: ExpectedBest): string[] {
  if (expected.kind === 'unknown') return ['-', expected.reason, ''];
  const { low, high, improves } = expected;
  return [
    significant(expected.expected),
    `${significant(low)} to ${significant(high)}`,
    `${Math.round(100 * improves)} %`,
  ];
}
