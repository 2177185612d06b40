import type { Command } from 'commander';
import { liveOverrides } from '../config/index.ts';
import { openStore } from '../store/index.ts';
import { answerText } from './answer-text.ts';
import { type CommonFlags, printJson, printLine, stateDir, withExamples } from './context.ts';
import { findSweep } from './find-sweep.ts';
import { sendRequest } from './send-request.ts';

/** What people change most, by a shorter name. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  concurrency: 'resources.max_concurrent',
  priority: 'resources.priority',
};

export function addSetVerb(program: Command): void {
  const command = program
    .command('set <sweep> <settings...>')
    .description(
      'change how a sweep goes on: concurrency, priority, run_cap, budgets, retries, fixed parameters',
    )
    .option('--dir <folder>', 'folder that holds the sweeps (default: the nearest .tfsweep)')
    .option('--json', 'print the outcome as one JSON document');
  withExamples(command, [
    'tfsweep set digits-cnn concurrency=4',
    'tfsweep set digits-cnn priority=2 budget.wallclock=2h',
    'tfsweep set digits-cnn fixed.optimizer=adam',
  ]).action(set);
}

async function set(name: string, settings: readonly string[], flags: CommonFlags): Promise<void> {
  const store = openStore(stateDir(flags));
  try {
    const sweep = findSweep(store, name);
    const whole = settings.map((text) => text.replace(/^\w+(?==)/, (key) => SHORT_NAMES[key] ?? key));
    liveOverrides(sweep.config, whole);
    const answer = await sendRequest(store, sweep, { kind: 'set', set: whole }, 'waits');
    if (flags.json) printJson({ sweep: sweep.name, set: whole, ...answer });
    else printLine(`${sweep.name}: ${answerText(sweep, answer, `${whole.join(', ')} holds`)}`);
  } finally {
    store.close();
  }
}
