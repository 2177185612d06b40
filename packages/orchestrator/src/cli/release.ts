import type { Command } from 'commander';
import { openStore } from '../store/index.ts';
import { type CommonFlags, printJson, printLine, stateDir, withExamples } from './context.ts';
import { findSweep } from './find-sweep.ts';
import { sendRequest } from './send-request.ts';

export function addReleaseVerb(program: Command): void {
  const command = program
    .command('release <worker>')
    .description('give a worker in quarantine trials again')
    .option('--sweep <name>', 'a sweep that it works for (default: the newest)')
    .option('--dir <folder>', 'folder that holds the sweeps (default: the nearest .tfsweep)')
    .option('--json', 'print the outcome as one JSON document');
  withExamples(command, ['tfsweep workers', 'tfsweep release gpu-host:4711']).action(release);
}

async function release(worker: string, flags: CommonFlags & { sweep?: string }): Promise<void> {
  const store = openStore(stateDir(flags));
  try {
    const sweep = findSweep(store, flags.sweep);
    const outcome = await sendRequest(store, sweep, { kind: 'release-worker', worker }, 'never');
    if (flags.json) printJson({ sweep: sweep.name, worker, outcome });
    else printLine(`${sweep.name}: ${outcome}`);
  } finally {
    store.close();
  }
}
