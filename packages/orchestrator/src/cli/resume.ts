import type { Command } from 'commander';
import { resumeOverrides } from '../config/index.ts';
import { openStore } from '../store/index.ts';
import { stateDir, withExamples } from './context.ts';
import { findSweep } from './find-sweep.ts';
import { requireReachableWorkers } from './launch.ts';
import { redisTarget } from './redis-flags.ts';
import { addRunOptions, type RunFlags } from './run-flags.ts';
import { runInForeground } from './run-in-foreground.ts';
import { samplerPlugin } from './sampler-plugin.ts';

export function addResumeVerb(program: Command): void {
  const command = program
    .command('resume [sweep]')
    .description('go on with a sweep that was interrupted, stopped or killed (default: the newest)');
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
    requireReachableWorkers(sweep.name, flags, redis !== null);
    const config = flags.set.length === 0 ? sweep.config : resumeOverrides(sweep.config, flags.set);
    const plugin = await samplerPlugin(config, sweep.configDir);
    process.exitCode = await runInForeground(store, { ...sweep, config }, flags, redis, plugin);
  } finally {
    store.close();
  }
}
