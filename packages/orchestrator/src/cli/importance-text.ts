import { type SweepImportance, significant } from '../analysis/index.ts';
import { bar } from './bar.ts';
import { paint } from './context.ts';
import { type Column, renderTable } from './table.ts';

const BAR_WIDTH = 24;
const MOST_INTERACTIONS = 5;
/** Interactions below this share are no news. */
const LEAST_INTERACTION = 0.01;
/** Out-of-bag R² below which the figures are hardly more than noise. */
const POOR_FIT = 0.3;

/** Bars of importance, as `tfsweep importance` prints them. */
export function importanceLines(sweep: string, importance: SweepImportance): string[] {
  const { method, parameters } = importance;
  const isFanova = method === 'fanova';
  const lines = [paint('bold', titleOf(sweep, importance)), ...countLines(importance), ''];
  if (!importance.isKnown) {
    lines.push('All results are alike, or nothing that varies can be told apart: no importance is known.');
    return lines;
  }
  const largest = parameters[0]!.importance || 1;
  const columns: Column[] = [
    { title: 'parameter' },
    { title: 'importance', align: 'right' },
    { title: '' },
    ...(isFanova ? [{ title: 'alone', align: 'right' } as const] : []),
    ...(parameters.some(({ present }) => present < 1) ? [{ title: 'present', align: 'right' } as const] : []),
  ];
  const rows = parameters.map(({ name, importance: share, main, present }) => [
    name,
    share.toFixed(3),
    bar(share / largest, BAR_WIDTH).padEnd(BAR_WIDTH),
    ...(main === null ? [] : [main.toFixed(3)]),
    ...(columns.at(-1)!.title === 'present' ? [percent(present)] : []),
  ]);
  const [titles, ...table] = renderTable(columns, rows);
  lines.push(paint('dim', titles!), ...table);
  return isFanova ? [...lines, ...fanovaLines(importance)] : lines;
}

function titleOf(sweep: string, { method, metric }: SweepImportance): string {
  if (metric === null)
    return `What gets a trial to the Pareto front of ${sweep} (the best tenth by nondominated fronts, PED-ANOVA)`;
  const what =
    method === 'fanova'
      ? 'shares of its variance, fANOVA'
      : 'what gets a trial into the best tenth, PED-ANOVA';
  return `What decides ${metric} in ${sweep} (${what})`;
}

function countLines({ trials, pruned, dropped, imputed, metric, best }: SweepImportance): string[] {
  const parts = [`${trials} trials`];
  if (metric === null) parts.push(`${best} of them on the front or next to it`);
  if (pruned > 0) parts.push(`${pruned} of them pruned, which stand behind all others`);
  if (imputed > 0) parts.push(`${imputed} with an infinite result, taken as the most extreme finite one`);
  if (dropped > 0) parts.push(`${dropped} without a result left out`);
  return [parts.join(', ')];
}

function fanovaLines({ interactions, rSquared }: SweepImportance): string[] {
  const lines: string[] = [];
  const shown = interactions
    .filter(({ importance }) => importance >= LEAST_INTERACTION)
    .slice(0, MOST_INTERACTIONS);
  if (shown.length > 0) {
    const rows = shown.map(({ parameters, importance }) => [parameters.join(' × '), importance.toFixed(3)]);
    const [titles, ...table] = renderTable(
      [{ title: 'interaction' }, { title: 'share', align: 'right' }],
      rows,
    );
    lines.push('', paint('dim', titles!), ...table);
  }
  const explained = `The forest explains ${rSquared! > 0 ? percent(rSquared!) : 'nothing'} of the variance of trials that it has not seen (R² ${significant(rSquared!, 2)})`;
  lines.push(
    '',
    rSquared! < POOR_FIT ? paint('yellow', `${explained}: these figures are mostly noise.`) : `${explained}.`,
  );
  return lines;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
