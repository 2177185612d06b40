import type { Command } from 'commander';
import { jsonSafe, summarizeWhole } from '../analysis/index.ts';
import { liveOverrides, resumeOverrides } from '../config/index.ts';
import { openStore, type Store, type SweepRow } from '../store/index.ts';
import { type Obstacle, obstaclesTo } from '../sweep/obstacles.ts';
import { note, printJson, printLine, stateDir, withExamples } from './context.ts';
import { findSweep } from './find-sweep.ts';
import { requireReachableWorkers } from './launch.ts';
import { obstaclesText } from './obstacles-text.ts';
import { redisTarget } from './redis-flags.ts';
import { addRunOptions, type RunFlags } from './run-flags.ts';
import { hasSucceeded, runInForeground } from './run-in-foreground.ts';
import { samplerPlugin } from './sampler-plugin.ts';
import { isRun, sendRequest } from './send-request.ts';

export function addResumeVerb(program: Command): void {
  const command = program
    .command('resume [sweep]')
    .description(
      'go on with a sweep: one that is on hold where it runs, one that was interrupted, ended or killed here (default: the newest)',
    );
  withExamples(addRunOptions(command), [
    'tfsweep resume',
    'tfsweep resume digits-cnn --set run_cap=60',
    'tfsweep resume digits-cnn --set terminate.stagnation=100 --set metric.target=null',
  ]).action(resume);
}

async function resume(name: string | undefined, flags: RunFlags): Promise<void> {
  const redis = redisTarget(flags);
  const store = openStore(stateDir(flags));
  try {
    const sweep = findSweep(store, name);
    if (sweep.state === 'paused' && isRun(store, sweep)) {
      await goOn(store, sweep, flags);
      return;
    }
    requireReachableWorkers(sweep.name, flags, redis !== null);
    const config = flags.set.length === 0 ? sweep.config : resumeOverrides(sweep.config, flags.set);
    const plugin = await samplerPlugin(config, sweep.configDir);
    const changed = { ...sweep, config };
    const obstacles = obstaclesTo(store, changed, plugin);
    process.exitCode =
      obstacles.length === 0
        ? await runInForeground(store, changed, flags.set, flags, redis, plugin)
        : leaveAsItIs(store, sweep, obstacles, flags);
  } finally {
    store.close();
  }
}

/** Its orchestrator is alive and waits: the sweep goes on there, not here. */
async function goOn(store: Store, sweep: SweepRow, flags: RunFlags): Promise<void> {
  if (flags.set.length > 0) {
    liveOverrides(sweep.config, flags.set);
    await sendRequest(store, sweep, { kind: 'set', set: flags.set }, 'never');
  }
  const { outcome } = await sendRequest(store, sweep, { kind: 'resume' }, 'never');
  const where = `in process ${sweep.owner!.pid} on ${sweep.owner!.host}`;
  if (flags.json) printJson({ sweep: sweep.name, outcome });
  else printLine(`${sweep.name}: ${outcome}, ${where}`);
}

/** Nothing is started or written. @returns the exit code that the sweep ended with. */
function leaveAsItIs(
  store: Store,
  sweep: SweepRow,
  obstacles: readonly Obstacle[],
  { json = false, set }: RunFlags,
): number {
  note(obstaclesText(sweep, obstacles, set));
  if (json) printJson(jsonSafe(summarizeWhole(store, sweep)));
  return hasSucceeded(sweep) ? 0 : 1;
}
