import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { TfsweepError } from '../errors.ts';
import { addAskTellVerb } from './ask-tell.ts';
import { addCompareVerb } from './compare.ts';
import { type AddVerb, paint } from './context.ts';
import { addDashboardVerb } from './dashboard.ts';
import { addDeleteVerb } from './delete.ts';
import { addDoctorVerb } from './doctor.ts';
import { addDrainVerb } from './drain.ts';
import { addEnqueueVerb } from './enqueue.ts';
import { addExportVerb } from './export.ts';
import { addImportanceVerb } from './importance.ts';
import { addInitVerb } from './init.ts';
import { addLaunchVerb } from './launch.ts';
import { addLeaderboardVerb } from './leaderboard.ts';
import { addListVerb } from './list.ts';
import { addNativeVerb } from './native.ts';
import { addPauseVerb } from './pause.ts';
import { addReleaseVerb } from './release.ts';
import { addResumeVerb } from './resume.ts';
import { addRetryVerb } from './retry.ts';
import { addSchemaVerb } from './schema.ts';
import { addSetVerb } from './set.ts';
import { addShowVerb } from './show.ts';
import { addSimulateVerb } from './simulate.ts';
import { addStopVerb } from './stop.ts';
import { addTryVerb } from './try.ts';
import { addTypesVerb } from './types.ts';
import { addValidateVerb } from './validate.ts';
import { addWorkerVerb } from './worker.ts';
import { addWorkersVerb } from './workers.ts';

const VERBS: readonly AddVerb[] = [
  addLaunchVerb,
  addResumeVerb,
  addPauseVerb,
  addStopVerb,
  addRetryVerb,
  addEnqueueVerb,
  addSetVerb,
  addDeleteVerb,
  addTryVerb,
  addWorkerVerb,
  addWorkersVerb,
  addDrainVerb,
  addReleaseVerb,
  addDashboardVerb,
  addListVerb,
  addLeaderboardVerb,
  addShowVerb,
  addImportanceVerb,
  addCompareVerb,
  addExportVerb,
  addValidateVerb,
  addSchemaVerb,
  addTypesVerb,
  addInitVerb,
  addSimulateVerb,
  addDoctorVerb,
  addNativeVerb,
  addAskTellVerb,
];

const WRONG_USAGE = 2;

function createProgram(): Command {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const program = new Command('tfsweep')
    .description(
      'Hyperparameter search for TensorFlow.js models: one YAML file, workers on every GPU, a leaderboard.',
    )
    .version(version)
    .showHelpAfterError('(--help shows what is possible)')
    .showSuggestionAfterError()
    .exitOverride();
  for (const add of VERBS) add(program);
  for (const verb of program.commands) verb.exitOverride();
  return program;
}

/** A person's mistake gets its sentence and its exit code, a defect of ours its stack. */
function fail(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
  if (error instanceof TfsweepError) {
    process.stderr.write(`${paint('red', 'error', process.stderr)} ${error.message}\n`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`This is a defect of tfsweep, please report it:\n${stack}\n`);
  return 1;
}

// Whoever closes the pipe (`tfsweep list | head -1`) has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = fail(error);
}
