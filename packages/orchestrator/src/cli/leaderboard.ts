import { InvalidArgumentError } from 'commander';
import {
  hasSeveralMetrics,
  jsonSafe,
  leaderboardRows,
  metricValue,
  type RankedTrial,
  rankedTrials,
  significant,
  varyingParameters,
} from '../analysis/index.ts';
import type { ParamValue } from '../space/types.ts';
import { openStore, type Store, type SweepRow, type TrialRow, type TrialState } from '../store/index.ts';
import {
  type AddVerb,
  type CommonFlags,
  paint,
  printJson,
  printLine,
  stateDir,
  withExamples,
} from './context.ts';
import { durationText } from './duration-text.ts';
import { findSweep } from './find-sweep.ts';
import { type Column, renderTable, terminalWidth } from './table.ts';

interface LeaderboardFlags extends CommonFlags {
  readonly top?: number;
  readonly all?: boolean;
}

export interface LeaderboardOptions {
  /** Rows to show, at least 1. @default 20 */
  readonly top?: number;
  /** Every trial, whatever `top` says. @default false */
  readonly all?: boolean;
  /** Columns of the terminal. @default that of the terminal, else 100 */
  readonly width?: number;
}

const DEFAULT_TOP = 20;

/** Colours of states in tables and lists. */
export const STATE_STYLES = {
  complete: 'green',
  pruned: 'yellow',
  failed: 'red',
  running: 'cyan',
  queued: 'dim',
  paused: 'dim',
  stopped: 'dim',
} as const satisfies Record<TrialState, Parameters<typeof paint>[0]>;

export const addLeaderboardVerb: AddVerb = (program) => {
  const verb = program
    .command('leaderboard')
    .description('rank the trials of a sweep')
    .argument('[sweep]', 'name or id of a sweep; the newest when left out')
    .option('--top <n>', `show the n best (default: ${DEFAULT_TOP}; with --json all)`, parseTop)
    .option('--all', 'show every trial')
    .option('--dir <folder>', 'the .tfsweep folder')
    .option('--json', 'print JSON')
    .action((name: string | undefined, flags: LeaderboardFlags) => {
      const store = openStore(stateDir(flags), { readonly: true });
      try {
        const sweep = findSweep(store, name);
        if (flags.json) {
          const limit = flags.all ? undefined : flags.top;
          const severalMetrics = hasSeveralMetrics(sweep.config);
          printJson(jsonSafe(leaderboardRows(rankedTrials(store, sweep, { limit }), { severalMetrics })));
        } else {
          printLine(renderLeaderboard(store, sweep, flags));
        }
      } finally {
        store.close();
      }
    });
  withExamples(verb, [
    'tfsweep leaderboard',
    'tfsweep leaderboard digits-cnn --top 5',
    'tfsweep leaderboard digits-cnn --json',
  ]);
};

/** The ranked table of a sweep, as `leaderboard` prints it and `launch` ends with. */
export function renderLeaderboard(store: Store, sweep: SweepRow, options: LeaderboardOptions = {}): string {
  const limit = options.all ? undefined : (options.top ?? DEFAULT_TOP);
  const ranked = rankedTrials(store, sweep, { limit });
  const trials = ranked.map(({ trial }) => trial);
  if (trials.length === 0) return `${sweep.name} has no trials yet.`;
  const columns = columnsFor(sweep, ranked);
  const rows = ranked.map((row) => columns.map(({ cell }) => cell(row.trial, row)));
  const lines = renderTable(columns, rows, options.width ?? terminalWidth());
  lines[0] = paint('bold', lines[0]!);
  const total = Object.values(sweep.counts).reduce((sum, count) => sum + count, 0);
  const more = total - trials.length;
  if (more > 0) lines.push(paint('dim', `… and ${more} more: tfsweep leaderboard ${sweep.name} --all`));
  return lines.join('\n');
}

interface TrialColumn extends Column {
  readonly cell: (trial: TrialRow, row: RankedTrial) => string;
}

function columnsFor(sweep: SweepRow, ranked: readonly RankedTrial[]): TrialColumn[] {
  const { config } = sweep;
  const trials = ranked.map(({ trial }) => trial);
  const columns: TrialColumn[] = [
    { title: '#', align: 'right', cell: (_trial, { rank }) => (rank === null ? '' : String(rank)) },
    { title: 'trial', align: 'right', cell: (trial) => String(trial.number) },
    {
      title: 'state',
      cell: stateCell,
      paint: (cell, row) => paint(stateStyle(trials[row]!), cell),
    },
    { title: config.metric.name, align: 'right', cell: valueCell },
    ...config.otherMetrics.map(
      ({ name }): TrialColumn => ({
        title: name,
        align: 'right',
        cell: (trial) => otherValueCell(metricValue(trial, config, name), trial.metrics[name]),
      }),
    ),
    { title: sweep.config.fidelity?.unit ?? 'steps', align: 'right', cell: (trial) => String(trial.step) },
  ];
  for (const name of varyingParameters(sweep.config.parameters, trials)) {
    const isNumeric = trials.every(({ params }) => ['number', 'undefined'].includes(typeof params[name]));
    columns.push({
      title: name,
      align: isNumeric ? 'right' : 'left',
      cell: ({ params }) => (Object.hasOwn(params, name) ? paramText(params[name]!) : '-'),
    });
  }
  if (ranked.some(({ front }) => front !== null)) {
    const front = { title: 'front', align: 'right', cell: frontCell } as const;
    columns.splice(1, 0, front);
  }
  columns.push({
    title: 'time',
    align: 'right',
    cell: ({ durationSeconds }) => (durationSeconds === null ? '' : timeText(durationSeconds)),
  });
  if (trials.some(({ attempts }) => attempts > 1)) {
    columns.push({ title: 'attempts', align: 'right', cell: (trial) => String(trial.attempts) });
  }
  if (new Set(trials.flatMap(({ worker }) => worker ?? [])).size > 1) {
    columns.push({ title: 'worker', cell: (trial) => trial.worker ?? '' });
  }
  return columns;
}

/** A trial that breaks a constraint is complete, and not what was asked for. */
function stateCell({ state, violation }: TrialRow): string {
  return state === 'complete' && violation !== 0 ? 'infeasible' : state;
}

function stateStyle({ state, violation }: TrialRow): Parameters<typeof paint>[0] {
  return state === 'complete' && violation !== 0 ? 'yellow' : STATE_STYLES[state];
}

function frontCell(_trial: TrialRow, { front }: RankedTrial): string {
  return front === null ? '' : String(front);
}

function otherValueCell(value: number | null, latest: number | undefined): string {
  if (value !== null) return significant(value, 5);
  return latest === undefined ? '' : `(${significant(latest, 5)})`;
}

/** What a trial without a value last reported stands in brackets: it is not what is ranked. */
function valueCell({ value, lastValue }: TrialRow): string {
  if (value !== null) return significant(value, 5);
  return lastValue === null ? '' : `(${significant(lastValue, 5)})`;
}

export function paramText(value: ParamValue): string {
  return typeof value === 'number' ? significant(value) : String(value);
}

function timeText(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : durationText(seconds);
}

function parseTop(text: string): number {
  const top = Number(text);
  if (!Number.isSafeInteger(top) || top < 1)
    throw new InvalidArgumentError('Expected a whole number from 1.');
  return top;
}
