import { commonestFailure, edgeParameters, savedSteps } from '../analysis/index.ts';
import type { Store, SweepRow } from '../store/index.ts';
import type { LoopEnd } from '../sweep/loop-options.ts';
import { paint, printLine } from './context.ts';
import { durationText } from './duration-text.ts';
import { renderLeaderboard } from './leaderboard.ts';

const SHOWN_ROWS = 10;

/**
 * What a sweep ends with: its leaderboard, what it cost and saved, and what to type next.
 * @param searchOn the command that goes on with it; null: there is none
 */
export function printClosing(store: Store, sweep: SweepRow, end: LoopEnd, searchOn: string | null): void {
  printLine(renderLeaderboard(store, sweep, { top: SHOWN_ROWS }));
  printLine();
  const { counts } = sweep;
  const backends = sweep.backends.length === 0 ? '' : ` on ${sweep.backends.join(', ')}`;
  const state = end.kind === 'interrupted' ? 'interrupted' : sweep.state;
  printLine(
    `${paint('bold', sweep.name)} ${state}${sweep.reason === null ? '' : ` (${sweep.reason})`}: ${counts.complete} complete, ` +
      `${counts.pruned} pruned, ${counts.failed} failed, ${counts.stopped} stopped in ${durationText(sweep.wallSeconds)}${backends}.`,
  );
  for (const line of remarks(store, sweep)) printLine(line);
  printLine();
  for (const [command, why] of nextCommands(sweep, end, searchOn))
    printLine(`  ${command.padEnd(52)} ${paint('dim', why)}`);
}

function remarks(store: Store, sweep: SweepRow): string[] {
  const lines: string[] = [];
  const trials = store.trials(sweep.id);
  const saved = savedSteps(sweep.config, trials);
  if (saved !== null && saved.saved > 0) {
    const percent = Math.round((100 * saved.saved) / saved.full);
    lines.push(`Early stopping saved ${saved.saved} of ${saved.full} ${saved.unit} (${percent} %).`);
  }
  if (sweep.best !== null) {
    for (const { name, value, edge } of edgeParameters(sweep.config.parameters, sweep.best.params)) {
      lines.push(`The best ${name} (${value}) lies at the ${edge} of its range: a wider one may be better.`);
    }
  }
  const failure = commonestFailure(trials);
  if (failure !== null)
    lines.push(`Commonest failure (${failure.count} of ${sweep.counts.failed}): ${failure.reason}`);
  return lines;
}

function nextCommands(sweep: SweepRow, end: LoopEnd, searchOn: string | null): Array<[string, string]> {
  const tfsweep = 'npx --no-install tfsweep';
  const commands: Array<[string, string]> = [];
  if (end.kind === 'interrupted')
    commands.push([`${tfsweep} resume ${sweep.name}`, 'go on where it stopped']);
  if (sweep.best !== null) {
    commands.push([
      `${tfsweep} show ${sweep.name} ${sweep.best.number}`,
      'the best trial: parameters, curve, files',
    ]);
  }
  commands.push([`${tfsweep} leaderboard ${sweep.name} --all`, 'every trial']);
  commands.push([`${tfsweep} dashboard`, 'the same in a browser, with curves']);
  if (searchOn !== null) commands.push([searchOn, 'search on']);
  return commands;
}
