import type { Command } from 'commander';
import { resumeOverrides } from '../config/index.ts';
import { openStore, type Store, type SweepRow } from '../store/index.ts';
import { printJson, printLine, stateDir, withExamples } from './context.ts';
import { findSweep } from './find-sweep.ts';
import { requireReachableWorkers } from './launch.ts';
import { redisTarget } from './redis-flags.ts';
import { addRunOptions, type RunFlags } from './run-flags.ts';
import { runInForeground } from './run-in-foreground.ts';
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
    process.exitCode = await runInForeground(store, { ...sweep, config }, flags, redis, plugin);
  } finally {
    store.close();
  }
}

/** Its orchestrator is alive and waits: the sweep goes on there, not here. */
async function goOn(store: Store, sweep: SweepRow, flags: RunFlags): Promise<void> {
  if (flags.set.length > 0) {
    resumeOverrides(sweep.config, flags.set);
    await sendRequest(store, sweep, { kind: 'set', set: flags.set }, 'never');
  }
  const outcome = await sendRequest(store, sweep, { kind: 'resume' }, 'never');
  const where = `in process ${sweep.owner!.pid} on ${sweep.owner!.host}`;
  if (flags.json) printJson({ sweep: sweep.name, outcome });
  else printLine(`${sweep.name}: ${outcome}, ${where}`);
}
