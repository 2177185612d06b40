import { TfsweepError } from '../errors.ts';
import { openStore } from '../store/index.ts';
import { type AddVerb, type CommonFlags, printJson, printLine, stateDir, withExamples } from './context.ts';
import { findSweep } from './find-sweep.ts';
import { sweepJson, sweepLines } from './show-sweep.ts';
import { trialJson, trialLines } from './show-trial.ts';
import { trialNumber } from './trial-number.ts';

export const addShowVerb: AddVerb = (program) => {
  const verb = program
    .command('show')
    .description('show a sweep, or one of its trials with its reports, attempts and errors')
    .argument('[sweep]', 'name or id of a sweep (default: the newest)')
    .argument('[number]', 'number of a trial', trialNumber)
    .option('--dir <folder>', 'the .tfsweep folder')
    .option('--json', 'print JSON')
    .action((name: string | undefined, number: number | undefined, flags: CommonFlags) => {
      const store = openStore(stateDir(flags), { readonly: true });
      try {
        const sweep = findSweep(store, name);
        if (number === undefined) {
          if (flags.json) printJson(sweepJson(store, sweep));
          else for (const line of sweepLines(store, sweep)) printLine(line);
          return;
        }
        const trial = store.trial(sweep.id, number);
        if (trial === null) {
          const count = Object.values(sweep.counts).reduce((sum, some) => sum + some, 0);
          const has = count === 0 ? 'it has none yet' : `it has 0 to ${count - 1}`;
          throw new TfsweepError('UNKNOWN_TRIAL', `Sweep ${sweep.name} has no trial ${number}: ${has}.`, {
            exitCode: 2,
          });
        }
        if (flags.json) printJson(trialJson(store, sweep, trial));
        else for (const line of trialLines(store, sweep, trial)) printLine(line);
      } finally {
        store.close();
      }
    });
  withExamples(verb, [
    'tfsweep show',
    'tfsweep show digits-cnn',
    'tfsweep show digits-cnn 17',
    'tfsweep show digits-cnn 17 --json',
  ]);
};
