import type { Command } from 'commander';
import { openStore } from '../store/index.ts';
import { type CommonFlags, printJson, printLine, stateDir, withExamples } from './context.ts';
import { findSweep } from './find-sweep.ts';
import { sendRequest } from './send-request.ts';

export function addDrainVerb(program: Command): void {
  const command = program
    .command('drain <worker>')
    .description('let a worker finish what it runs, take nothing new, and leave')
    .option('--sweep <name>', 'a sweep that it works for (default: the newest)')
    .option('--dir <folder>', 'folder that holds the sweeps (default: the nearest .tfsweep)')
    .option('--json', 'print the outcome as one JSON document');
  withExamples(command, ['tfsweep workers', 'tfsweep drain gpu-host:4711']).action(drain);
}

async function drain(worker: string, flags: CommonFlags & { sweep?: string }): Promise<void> {
  const store = openStore(stateDir(flags));
  try {
    const sweep = findSweep(store, flags.sweep);
    const outcome = await sendRequest(store, sweep, { kind: 'drain-worker', worker }, 'never');
    if (flags.json) printJson({ sweep: sweep.name, worker, outcome });
    else printLine(`${sweep.name}: ${outcome}`);
  } finally {
    store.close();
  }
}
