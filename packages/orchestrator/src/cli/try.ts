import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { loadConfig } from '../config/index.ts';
import { TfsweepError } from '../errors.ts';
import { createPureStudy, studyOptions } from '../study/index.ts';
import { JobBuilder } from '../sweep/job-builder.ts';
import { type CommonFlags, note, printJson, printLine, stateDir, withExamples } from './context.ts';
import { loadWorkerModule } from './optional-package.ts';
import { BACKENDS, collect } from './run-flags.ts';
import { samplerPlugin } from './sampler-plugin.ts';

export function addTryVerb(program: Command): void {
  const command = program
    .command('try <config>')
    .description(
      'train one trial for one step in this process: full stacks, debugger allowed, nothing recorded',
    )
    .option('--set <key=value>', 'change a key of the sweep file; may be repeated', collect, [])
    .addOption(
      new Option('--backend <name>', 'tensor backend (default: the fastest that works)').choices(BACKENDS),
    )
    .option('--dir <folder>', 'folder for artifacts (default: the nearest .tfsweep)')
    .option('--json', 'print the outcome as one JSON document');
  withExamples(command, [
    'tfsweep try sweep.yaml',
    'node --inspect-brk node_modules/.bin/tfsweep try sweep.yaml',
  ]).action(tryOnce);
}

async function tryOnce(
  path: string,
  flags: CommonFlags & { set: string[]; backend?: string },
): Promise<void> {
  const { config, configDir } = loadConfig(path, { set: flags.set });
  const asked = createPureStudy({
    ...studyOptions(config),
    samplerPlugin: await samplerPlugin(config, configDir),
  }).ask();
  if (asked === null)
    throw new TfsweepError('EMPTY_SPACE', 'There is nothing to try in this sweep file.', { exitCode: 2 });
  const builder = new JobBuilder({ id: randomUUID(), name: config.name, config, configDir }, '');
  const job = builder.describe({
    number: 0,
    attempt: 1,
    params: asked.params,
    checkpoint: null,
    pauseAt: null,
  });
  note(`trial: ${JSON.stringify(asked.params)}`);
  const { tryTrial } = await loadWorkerModule();
  const { outcome, backend } = await tryTrial({
    job: { ...job, budget: { ...job.budget, to: 1 } },
    rootDir: configDir,
    modulePath: job.trainer.kind === 'module' ? join(configDir, job.trainer.path) : null,
    dir: stateDir(flags),
    backend: flags.backend ?? null,
    onReport: (step, values) => note(`step ${step}: ${JSON.stringify(values)}`),
  });
  if (flags.json) printJson({ params: asked.params, backend, outcome });
  else if (outcome.kind === 'failed') note(outcome.error.stack ?? outcome.error.message);
  else printLine(`${outcome.kind} on ${backend}`);
  process.exitCode = outcome.kind === 'complete' ? 0 : 1;
}
