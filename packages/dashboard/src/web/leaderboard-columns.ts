import type { ParamValue, SweepView, TrialState } from '../wire.ts';
import { type RankedTrial, shownValue } from './trials.ts';

export interface Column {
  readonly id: string;
  readonly label: string;
  readonly numeric: boolean;
  /** What rows are sorted by; null and undefined stand last in both directions. */
  readonly key: (row: RankedTrial) => ParamValue | undefined;
}

export interface Sorting {
  readonly column: string;
  readonly direction: 'ascending' | 'descending';
}

/** What someone has chosen to see; kept while they look at a trial. */
export interface LeaderboardView {
  readonly sorting: Sorting;
  /** None: all. */
  readonly states: ReadonlySet<TrialState>;
  readonly limit: number;
}

export const ROWS_AT_ONCE = 200;

export const FIRST_VIEW: LeaderboardView = {
  sorting: { column: 'rank', direction: 'ascending' },
  states: new Set(),
  limit: ROWS_AT_ONCE,
};

export function columnsOf(sweep: SweepView): Column[] {
  return [
    { id: 'rank', label: 'Rank', numeric: true, key: (row) => row.rank },
    { id: 'number', label: 'Trial', numeric: true, key: (row) => row.trial.number },
    { id: 'state', label: 'State', numeric: false, key: (row) => row.trial.state },
    { id: 'value', label: sweep.metric.name, numeric: true, key: (row) => shownValue(row.trial) },
    ...sweep.otherMetrics.map(
      ({ name }): Column => ({
        id: `metric:${name}`,
        label: name,
        numeric: true,
        key: (row) => row.trial.values?.[name],
      }),
    ),
    { id: 'step', label: 'Step', numeric: true, key: (row) => row.trial.step },
    ...sweep.parameters.map(
      (name): Column => ({
        id: `param:${name}`,
        label: name,
        numeric: false,
        key: (row) => row.trial.params[name],
      }),
    ),
    { id: 'duration', label: 'Duration', numeric: true, key: (row) => row.trial.durationSeconds },
    { id: 'worker', label: 'Worker', numeric: false, key: (row) => row.trial.worker },
  ];
}

/** `ranked` comes in rank order and equal keys keep it; by rank ascending it is left as it is. */
export function sortRows(
  ranked: readonly RankedTrial[],
  column: Column,
  sorting: Sorting,
): readonly RankedTrial[] {
  if (column.id === 'rank' && sorting.direction === 'ascending') return ranked;
  const sign = sorting.direction === 'ascending' ? 1 : -1;
  return [...ranked].sort((a, b) => compareKeys(column.key(a), column.key(b), sign));
}

function compareKeys(a: ParamValue | undefined, b: ParamValue | undefined, sign: number): number {
  const isAbsentA = a === null || a === undefined;
  const isAbsentB = b === null || b === undefined;
  if (isAbsentA || isAbsentB) return Number(isAbsentA) - Number(isAbsentB);
  if (typeof a === 'number' && typeof b === 'number') return sign * (a < b ? -1 : a > b ? 1 : 0);
  return sign * String(a).localeCompare(String(b), 'en', { numeric: true });
}
