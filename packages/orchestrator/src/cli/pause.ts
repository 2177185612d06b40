import type { Command } from 'commander';
import { openStore } from '../store/index.ts';
import { type CommonFlags, printJson, printLine, stateDir, withExamples } from './context.ts';
import { findSweep } from './find-sweep.ts';
import { sendRequest } from './send-request.ts';

export function addPauseVerb(program: Command): void {
  const command = program
    .command('pause [sweep]')
    .description(
      'put a running sweep on hold: what runs goes on to its end, nothing new is begun (default: the newest)',
    )
    .option('--dir <folder>', 'folder that holds the sweeps (default: the nearest .tfsweep)')
    .option('--json', 'print the outcome as one JSON document');
  withExamples(command, ['tfsweep pause digits-cnn', 'tfsweep resume digits-cnn']).action(pause);
}

async function pause(name: string | undefined, flags: CommonFlags): Promise<void> {
  const store = openStore(stateDir(flags));
  try {
    const sweep = findSweep(store, name);
    const { outcome } = await sendRequest(store, sweep, { kind: 'pause' }, 'never');
    if (flags.json) printJson({ sweep: sweep.name, outcome });
    else printLine(`${sweep.name}: ${outcome}`);
  } finally {
    store.close();
  }
}
