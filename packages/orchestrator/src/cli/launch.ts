import type { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { TfsweepError } from '../errors.ts';
import { openStore } from '../store/index.ts';
import { note, stateDir, withExamples } from './context.ts';
import { earlierSweeps } from './earlier-sweeps.ts';
import { previewSweep } from './preview.ts';
import { redisTarget } from './redis-flags.ts';
import { addRunOptions, type RunFlags } from './run-flags.ts';
import { runInForeground } from './run-in-foreground.ts';
import { samplerPlugin } from './sampler-plugin.ts';

export function addLaunchVerb(program: Command): void {
  const command = program
    .command('launch <config>')
    .description('start a new sweep from a YAML file and watch it to its end')
    .option('--dry-run', 'show what would be tried, start nothing');
  withExamples(addRunOptions(command), [
    'tfsweep launch configs/digits.yaml',
    'tfsweep launch sweep.yaml --workers 4 --set run_cap=50',
    'tfsweep launch sweep.yaml --dry-run',
    'tfsweep launch sweep.yaml --redis redis://:secret@10.0.0.5:6379 --workers 0',
  ]).action(launch);
}

async function launch(path: string, flags: RunFlags & { dryRun?: boolean }): Promise<void> {
  const loaded = loadConfig(path, { set: flags.set });
  for (const warning of loaded.warnings) note(warning);
  const plugin = await samplerPlugin(loaded.config, loaded.configDir);
  const transfer = earlierSweeps(stateDir(flags), loaded.config);
  if (flags.dryRun) {
    previewSweep(loaded.config, { samplerPlugin: plugin, transfer }, flags.json ?? false);
    return;
  }
  const redis = redisTarget(flags);
  requireReachableWorkers(path, flags, redis !== null);
  const store = openStore(stateDir(flags), { create: true });
  try {
    const sweep = await store.createSweep({ ...loaded, transfer });
    if (sweep.name !== loaded.config.name)
      note(`The name ${loaded.config.name} is taken: this sweep is ${sweep.name}.`);
    process.exitCode = await runInForeground(store, sweep, [], flags, redis, plugin);
  } finally {
    store.close();
  }
}

/** Workers on other hosts can't reach a private server on a socket: say so before anything starts. */
export function requireReachableWorkers(config: string, flags: RunFlags, external: boolean): void {
  if (flags.workers !== 0 || external) return;
  throw new TfsweepError(
    'NO_WORKERS',
    [
      '--workers 0 needs a Redis that other workers reach. For example:',
      `  tfsweep launch ${config} --workers 0 --redis redis://:PASSWORD@HOST:6379`,
      '  tfsweep worker --redis redis://:PASSWORD@HOST:6379      (on each host, with the same TFSWEEP_SECRET)',
    ].join('\n'),
    { exitCode: 2 },
  );
}
