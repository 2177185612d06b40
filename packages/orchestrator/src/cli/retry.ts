import type { Command } from 'commander';
import { TfsweepError } from '../errors.ts';
import { openStore, type Store, type SweepRow } from '../store/index.ts';
import { answerText } from './answer-text.ts';
import { type CommonFlags, note, printJson, printLine, stateDir, withExamples } from './context.ts';
import { findSweep } from './find-sweep.ts';
import { type Answer, sendRequest } from './send-request.ts';
import { trialNumber } from './trial-number.ts';

export function addRetryVerb(program: Command): void {
  const command = program
    .command('retry')
    .description('try failed or stopped trials again, each as a new trial with the same parameters')
    .argument('<sweep>', 'name or id of a sweep')
    .argument('<numbers...>', 'failed or stopped trials', (text, earlier: readonly number[] = []) => [
      ...earlier,
      trialNumber(text),
    ])
    .option('--dir <folder>', 'folder that holds the sweeps (default: the nearest .tfsweep)')
    .option('--json', 'print the outcomes as one JSON document');
  withExamples(command, ['tfsweep retry digits-cnn 3', 'tfsweep retry digits-cnn 3 17 18']).action(retry);
}

async function retry(name: string, numbers: readonly number[], flags: CommonFlags): Promise<void> {
  const store = openStore(stateDir(flags));
  try {
    const sweep = findSweep(store, name);
    const outcomes: Array<{ trial: number } & Answer> = [];
    for (const trial of numbers) {
      const answer = await ask(store, sweep, trial);
      if (answer instanceof TfsweepError) {
        outcomes.push({ trial, outcome: answer.message });
        note(answer.message);
        process.exitCode = answer.exitCode;
        continue;
      }
      outcomes.push({ trial, ...answer });
      if (!flags.json)
        printLine(`${sweep.name}: ${answerText(sweep, answer, `trial ${trial} is tried again`)}`);
    }
    if (flags.json) printJson({ sweep: sweep.name, outcomes });
  } finally {
    store.close();
  }
}

/** One that is refused holds up none of the others. */
async function ask(store: Store, sweep: SweepRow, number: number): Promise<Answer | TfsweepError> {
  try {
    return await sendRequest(store, sweep, { kind: 'retry', number }, 'waits');
  } catch (error) {
    if (error instanceof TfsweepError) return error;
    throw error;
  }
}
