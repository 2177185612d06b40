import { jsonSafe, significant, summarizeWhole } from '../analysis/index.ts';
import { isOwnerAlive, openStore, type SweepRow } from '../store/index.ts';
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
import { type Column, renderTable } from './table.ts';

export const addListVerb: AddVerb = (program) => {
  const verb = program
    .command('list')
    .description('list the sweeps of this folder, newest first')
    .option('--dir <folder>', 'the .tfsweep folder')
    .option('--json', 'print JSON')
    .action((flags: CommonFlags) => {
      const store = openStore(stateDir(flags), { readonly: true });
      try {
        const sweeps = store.sweeps();
        if (flags.json) printJson(jsonSafe(sweeps.map((sweep) => summarizeWhole(store, sweep))));
        else if (sweeps.length === 0) printLine('No sweeps here yet: run `tfsweep launch`.');
        else printLine(renderSweeps(sweeps));
      } finally {
        store.close();
      }
    });
  withExamples(verb, ['tfsweep list', 'tfsweep list --json']);
};

/** The state for people: a sweep whose orchestrator died still has the state that it left. */
export function liveState(sweep: SweepRow): string {
  if (sweep.state !== 'running' && sweep.state !== 'paused') return sweep.state;
  return sweep.owner !== null && isOwnerAlive(sweep.owner) ? sweep.state : 'interrupted';
}

interface SweepColumn extends Column {
  readonly cell: (sweep: SweepRow) => string;
}

const COLUMNS: readonly SweepColumn[] = [
  { title: 'sweep', cell: ({ name }) => name },
  { title: 'state', cell: liveState },
  { title: 'trials', align: 'right', cell: ({ counts }) => String(sum(Object.values(counts))) },
  { title: 'complete', align: 'right', cell: ({ counts }) => String(counts.complete) },
  { title: 'pruned', align: 'right', cell: ({ counts }) => String(counts.pruned) },
  { title: 'failed', align: 'right', cell: ({ counts }) => String(counts.failed) },
  { title: 'metric', cell: ({ config }) => config.metric.name },
  { title: 'best', align: 'right', cell: ({ best }) => (best === null ? '-' : significant(best.value, 5)) },
  { title: 'time', align: 'right', cell: ({ wallSeconds }) => durationText(wallSeconds) },
  { title: 'started', cell: ({ createdAt }) => localTime(createdAt) },
];

function renderSweeps(sweeps: readonly SweepRow[]): string {
  const [titles, ...rows] = renderTable(
    COLUMNS,
    sweeps.map((sweep) => COLUMNS.map(({ cell }) => cell(sweep))),
  );
  return [paint('bold', titles!), ...rows].join('\n');
}

/** `2026-11-24 09:05:07`, in the reader's own time zone. */
export function localTime(ms: number): string {
  const at = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
