import { InvalidArgumentError } from 'commander';
import { jsonSafe, leaderboardRows, significant, varyingParameters } from '../analysis/index.ts';
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
          printJson(jsonSafe(leaderboardRows(store.trials(sweep.id, { ranked: true, limit }))));
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
  const trials = store.trials(sweep.id, { ranked: true, limit });
  if (trials.length === 0) return `${sweep.name} has no trials yet.`;
  const columns = columnsFor(sweep, trials);
  const rows = trials.map((trial, index) => columns.map(({ cell }) => cell(trial, index + 1)));
  const lines = renderTable(columns, rows, options.width ?? terminalWidth());
  lines[0] = paint('bold', lines[0]!);
  const total = Object.values(sweep.counts).reduce((sum, count) => sum + count, 0);
  const more = total - trials.length;
  if (more > 0) lines.push(paint('dim', `… and ${more} more: tfsweep leaderboard ${sweep.name} --all`));
  return lines.join('\n');
}

interface TrialColumn extends Column {
  readonly cell: (trial: TrialRow, rank: number) => string;
}

function columnsFor(sweep: SweepRow, trials: readonly TrialRow[]): TrialColumn[] {
  const columns: TrialColumn[] = [
    { title: '#', align: 'right', cell: (trial, rank) => (trial.state === 'complete' ? String(rank) : '') },
    { title: 'trial', align: 'right', cell: (trial) => String(trial.number) },
    {
      title: 'state',
      cell: (trial) => trial.state,
      paint: (cell, row) => paint(STATE_STYLES[trials[row]!.state], cell),
    },
    { title: sweep.config.metric.name, align: 'right', cell: valueCell },
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
