import type { Command } from 'commander';
import { isOwnerAlive, openStore, type SweepRow, type WorkerRow } from '../store/index.ts';
import { type CommonFlags, paint, printJson, printLine, stateDir, withExamples } from './context.ts';
import { findSweep } from './find-sweep.ts';
import { isoTime } from './iso-time.ts';
import { localTime } from './list.ts';
import { type Column, plain, renderTable } from './table.ts';

/** The store hears of a worker every ten seconds; one that was not seen for so long has left. */
const GONE_MS = 30_000;

export function addWorkersVerb(program: Command): void {
  const command = program
    .command('workers [sweep]')
    .description('who works for a sweep, what they have done, and who is in quarantine (default: the newest)')
    .option('--dir <folder>', 'the .tfsweep folder')
    .option('--json', 'print JSON');
  withExamples(command, ['tfsweep workers', 'tfsweep workers digits-cnn --json']).action(show);
}

function show(name: string | undefined, flags: CommonFlags): void {
  const store = openStore(stateDir(flags), { readonly: true });
  try {
    const sweep = findSweep(store, name);
    const rows = store.workers(sweep.id);
    if (flags.json) printJson(rows.map((row) => workerJson(sweep, row)));
    else if (rows.length === 0) printLine(`Nobody has worked for ${sweep.name} yet.`);
    else for (const line of workerLines(sweep, rows)) printLine(line);
  } finally {
    store.close();
  }
}

function stateOf(sweep: SweepRow, row: WorkerRow): string {
  if (row.quarantine !== null) return 'quarantine';
  const isServed = sweep.owner !== null && isOwnerAlive(sweep.owner);
  if (!isServed || Date.now() - row.lastSeenAt > GONE_MS) return 'gone';
  return row.draining || row.drainAsked ? 'draining' : 'working';
}

function workerJson(sweep: SweepRow, row: WorkerRow): unknown {
  const { id, name, host, slots, gpus, backend, quarantine, attempts } = row;
  const seen = { first_seen_at: isoTime(row.firstSeenAt), last_seen_at: isoTime(row.lastSeenAt) };
  return { id, name, host, state: stateOf(sweep, row), quarantine, slots, gpus, backend, attempts, ...seen };
}

function workerLines(sweep: SweepRow, rows: readonly WorkerRow[]): string[] {
  const columns: ReadonlyArray<Column & { cell: (row: WorkerRow) => string }> = [
    { title: 'worker', cell: ({ name }) => plain(name) },
    { title: 'state', cell: (row) => stateOf(sweep, row) },
    { title: 'slots', align: 'right', cell: ({ slots }) => String(slots) },
    { title: 'gpus', align: 'right', cell: ({ gpus }) => String(gpus.length) },
    { title: 'backend', cell: ({ backend }) => plain(backend) },
    { title: 'running', align: 'right', cell: ({ attempts }) => String(attempts.running) },
    {
      title: 'done',
      align: 'right',
      cell: ({ attempts }) => String(attempts.complete + attempts.pruned + attempts.stopped),
    },
    { title: 'failed', align: 'right', cell: ({ attempts }) => String(attempts.failed) },
    { title: 'lost', align: 'right', cell: ({ attempts }) => String(attempts.lost) },
    { title: 'last seen', cell: ({ lastSeenAt }) => localTime(lastSeenAt) },
  ];
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const [titles, ...lines] = renderTable(columns, cells);
  const reasons = rows.flatMap(({ name, quarantine }) =>
    quarantine === null
      ? []
      : [`${plain(name)}: ${plain(quarantine)} (\`tfsweep release ${plain(name)}\` when it is mended)`],
  );
  return [paint('bold', titles!), ...lines, ...reasons];
}
