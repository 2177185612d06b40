import { jsonSafe, summarizeWhole } from '../analysis/index.ts';
import { TfsweepError } from '../errors.ts';
import type { RedisTarget } from '../protocol/agent.ts';
import type { SamplerPlugin } from '../samplers/plugin.ts';
import type { Store, SweepRow } from '../store/index.ts';
import type { LoopEnd } from '../sweep/loop-options.ts';
import { obstaclesTo } from '../sweep/obstacles.ts';
import { runSession } from '../sweep/session.ts';
import { printClosing } from './closing.ts';
import { note, paint, printJson } from './context.ts';
import { handleInterrupts } from './interrupts.ts';
import { LiveProgress } from './live-progress.ts';
import { searchOnCommand } from './obstacles-text.ts';
import {
  type Dashboard,
  loadDashboardModule,
  loadWorkerModule,
  MissingPackageError,
} from './optional-package.ts';
import type { RunFlags } from './run-flags.ts';

const DEFAULT_DASHBOARD_PORT = 7878;
const INTERRUPTED = 130;

/**
 * Runs the sweep to its end in front of the user.
 * @param set what of its stored config is changed. @returns the exit code.
 */
export async function runInForeground(
  store: Store,
  sweep: SweepRow,
  set: readonly string[],
  flags: RunFlags,
  redis: RedisTarget | null,
  samplerPlugin: SamplerPlugin | null,
): Promise<number> {
  const interrupts = handleInterrupts();
  const progress = new LiveProgress(sweep, flags.quiet === true);
  const dashboard = await startDashboard(store, flags);
  if (dashboard !== null) progress.say(`dashboard: ${dashboard.url}`);
  let end: LoopEnd;
  try {
    progress.start();
    end = await runSession({
      store,
      sweep,
      set,
      redis,
      samplerPlugin,
      queue: flags.queue,
      workers: flags.workers ?? null,
      gpus: flags.gpus ?? null,
      backend: flags.backend ?? null,
      signal: interrupts.first,
      abort: interrupts.second,
      loadWorkerModule,
      onSnapshot: (snapshot) => progress.update(snapshot),
      onNotice: (line) => progress.say(line),
    });
  } finally {
    progress.close();
    interrupts.dispose();
    await dashboard?.close();
  }
  const row = store.sweep(sweep.id) ?? sweep;
  if (flags.json) printJson(jsonSafe(summarizeWhole(store, row)));
  else printClosing(store, row, end, searchOn(store, row, samplerPlugin, end));
  return exitCode(row, end);
}

/** At least one trial completed, and no budget of failures ended the sweep. */
export function hasSucceeded({ state, counts }: Pick<SweepRow, 'state' | 'counts'>): boolean {
  return state !== 'failed' && counts.complete > 0;
}

function exitCode(row: SweepRow, end: LoopEnd): number {
  if (end.kind === 'interrupted') return INTERRUPTED;
  if (end.error !== undefined) {
    const { message, stack, at } = end.error;
    note(`${paint('red', 'error', process.stderr)} ${end.reason}:${at === undefined ? '' : ` ${at}`}`);
    note(stack ?? message);
  }
  return hasSucceeded({ ...row, state: end.state }) ? 0 : 1;
}

/** What to type so that it searches on; null where it was interrupted, or has nothing left. */
function searchOn(
  store: Store,
  row: SweepRow,
  samplerPlugin: SamplerPlugin | null,
  { kind }: LoopEnd,
): string | null {
  if (kind !== 'ended') return null;
  return searchOnCommand(row, obstaclesTo(store, row, samplerPlugin));
}

async function startDashboard(store: Store, flags: RunFlags): Promise<Dashboard | null> {
  if (flags.dashboard === false || flags.json || flags.quiet) return null;
  const port = typeof flags.dashboard === 'string' ? Number(flags.dashboard) : DEFAULT_DASHBOARD_PORT;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new TfsweepError('USAGE', `--dashboard ${flags.dashboard}: expected a port from 0 to 65535.`, {
      exitCode: 2,
    });
  }
  try {
    const { startDashboard: start } = await loadDashboardModule();
    return await start({ dir: store.dir, port });
  } catch (error) {
    if (!(error instanceof MissingPackageError) || typeof flags.dashboard === 'string') throw error;
    return null;
  }
}
