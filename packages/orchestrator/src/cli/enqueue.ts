import type { Command } from 'commander';
import { chosenParams } from '../config/chosen-params.ts';
import { TfsweepError } from '../errors.ts';
import type { Params } from '../space/types.ts';
import { openStore, type Store, type SweepRow } from '../store/index.ts';
import { answerText } from './answer-text.ts';
import { type CommonFlags, printJson, printLine, stateDir, withExamples } from './context.ts';
import { findSweep } from './find-sweep.ts';
import { sendRequest } from './send-request.ts';
import { trialNumber } from './trial-number.ts';

interface Flags extends CommonFlags {
  readonly params: string[];
  readonly like?: number;
}

export function addEnqueueVerb(program: Command): void {
  const command = program
    .command('enqueue [sweep]')
    .description('add a trial of your own choice to a sweep (default: the newest)')
    .option('--params <key=value...>', 'values of its parameters; those left out are drawn', [])
    .option('--like <number>', 'those left out are as in this trial', trialNumber)
    .option('--dir <folder>', 'folder that holds the sweeps (default: the nearest .tfsweep)')
    .option('--json', 'print the outcome as one JSON document');
  withExamples(command, [
    'tfsweep enqueue digits-cnn --params learning_rate=0.01 optimizer=adam',
    'tfsweep enqueue digits-cnn --like 17 --params learning_rate=0.01',
  ]).action(enqueue);
}

async function enqueue(name: string | undefined, flags: Flags): Promise<void> {
  const store = openStore(stateDir(flags));
  try {
    const sweep = findSweep(store, name);
    if (flags.like === undefined && flags.params.length === 0) {
      throw new TfsweepError(
        'USAGE',
        `Which trial? \`--params NAME=VALUE …\`, \`--like NUMBER\`, or both. ${sweep.name} has the parameters ${sweep.config.parameters.map((parameter) => parameter.name).join(', ')}.`,
        { exitCode: 2 },
      );
    }
    const like = flags.like === undefined ? null : paramsOf(store, sweep, flags.like);
    const params = chosenParams(sweep.config.parameters, flags.params, like);
    const answer = await sendRequest(store, sweep, { kind: 'enqueue', params }, 'waits');
    if (flags.json) printJson({ sweep: sweep.name, params, ...answer });
    else printLine(`${sweep.name}: ${answerText(sweep, answer, 'the trial is queued')}`);
  } finally {
    store.close();
  }
}

function paramsOf(store: Store, sweep: SweepRow, number: number): Params {
  const trial = store.trial(sweep.id, number);
  if (trial !== null) return trial.params;
  throw new TfsweepError('UNKNOWN_TRIAL', `${sweep.name} has no trial ${number}.`, { exitCode: 2 });
}
