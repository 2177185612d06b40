import { useMemo } from 'preact/hooks';
import { type SweepView, TRIAL_STATES, type TrialState } from '../wire.ts';
import { formatCount } from './format.ts';
import {
  type Column,
  columnsOf,
  type LeaderboardView,
  ROWS_AT_ONCE,
  type Sorting,
  sortRows,
} from './leaderboard-columns.ts';
import { LeaderboardLine } from './leaderboard-line.tsx';
import type { RankedTrial } from './trials.ts';

interface LeaderboardProps {
  readonly sweep: SweepView;
  readonly ranked: readonly RankedTrial[];
  readonly loaded: boolean;
  readonly view: LeaderboardView;
  readonly onView: (view: LeaderboardView) => void;
}

export function Leaderboard({ sweep, ranked, loaded, view, onView }: LeaderboardProps) {
  const { sorting, states, limit } = view;
  const choose = (change: Partial<LeaderboardView>): void =>
    onView({ ...view, limit: ROWS_AT_ONCE, ...change });
  const parameters = useSteady(sweep.parameters);
  const otherMetrics = useSteady(sweep.otherMetrics.map(({ name }) => name));
  const columns = useMemo(() => columnsOf(sweep), [parameters, otherMetrics, sweep.metric.name]);
  const rows = useMemo(() => {
    const column = columns.find((candidate) => candidate.id === sorting.column) ?? columns[0]!;
    const shown = states.size === 0 ? ranked : ranked.filter((row) => states.has(row.trial.state));
    return sortRows(shown, column, sorting);
  }, [ranked, columns, sorting, states]);

  return (
    <section class="panel" aria-labelledby="leaderboard-title">
      <div class="panel-head">
        <h2 id="leaderboard-title">Leaderboard</h2>
        <StateFilter
          counts={countStates(ranked)}
          chosen={states}
          onChange={(next) => choose({ states: next })}
        />
      </div>
      {ranked.length === 0 ? (
        <p class="waiting">{loaded ? 'No trials yet.' : 'Loading…'}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard.
        <section class="scroll" tabIndex={0} aria-label="Leaderboard table">
          <table class="leaderboard">
            <thead>
              <tr>
                {columns.map((column) => (
                  <HeaderCell
                    key={column.id}
                    column={column}
                    sorting={sorting}
                    onSort={(next) => choose({ sorting: next })}
                  />
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, limit).map(({ trial, rank }) => (
                <LeaderboardLine
                  key={trial.number}
                  trial={trial}
                  rank={rank}
                  sweep={sweep.name}
                  otherMetrics={otherMetrics}
                  parameters={parameters}
                  maxStep={sweep.fidelity?.max ?? null}
                />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {rows.length > limit && (
        <button type="button" class="more" onClick={() => choose({ limit: limit + ROWS_AT_ONCE })}>
          Show more: {formatCount(rows.length - limit)} further trials
        </button>
      )}
    </section>
  );
}

interface HeaderCellProps {
  readonly column: Column;
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
}

function HeaderCell({ column, sorting, onSort }: HeaderCellProps) {
  const current = sorting.column === column.id ? sorting.direction : 'none';
  const next = current === 'ascending' ? 'descending' : 'ascending';
  return (
    <th scope="col" aria-sort={current} class={column.numeric ? 'number' : undefined}>
      <button type="button" onClick={() => onSort({ column: column.id, direction: next })}>
        {column.label}
      </button>
    </th>
  );
}

interface StateFilterProps {
  readonly counts: ReadonlyMap<TrialState, number>;
  readonly chosen: ReadonlySet<TrialState>;
  readonly onChange: (chosen: ReadonlySet<TrialState>) => void;
}

/** No state chosen: all are shown. */
function StateFilter({ counts, chosen, onChange }: StateFilterProps) {
  const toggle = (state: TrialState): void => {
    const next = new Set(chosen);
    if (!next.delete(state)) next.add(state);
    onChange(next);
  };
  return (
    <fieldset class="filter">
      <legend>Show only trials that are</legend>
      {TRIAL_STATES.filter((state) => counts.has(state) || chosen.has(state)).map((state) => (
        <button
          key={state}
          type="button"
          class="state"
          data-state={state}
          aria-pressed={chosen.has(state)}
          onClick={() => toggle(state)}
        >
          {formatCount(counts.get(state) ?? 0)} {state}
        </button>
      ))}
    </fieldset>
  );
}

function countStates(ranked: readonly RankedTrial[]): Map<TrialState, number> {
  const counts = new Map<TrialState, number>();
  for (const { trial } of ranked) counts.set(trial.state, (counts.get(trial.state) ?? 0) + 1);
  return counts;
}

/** The same array as long as it holds the same names: each push brings a new one. */
function useSteady(names: readonly string[]): readonly string[] {
  return useMemo(() => names, [JSON.stringify(names)]);
}
