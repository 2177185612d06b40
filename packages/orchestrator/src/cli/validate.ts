import { loadConfig, type SweepConfig } from '../config/index.ts';
import { createPureStudy, studyOptions } from '../study/index.ts';
import {
  type AddVerb,
  type CommonFlags,
  note,
  paint,
  printJson,
  printLine,
  withExamples,
} from './context.ts';
import { collect } from './run-flags.ts';
import { samplerPlugin } from './sampler-plugin.ts';

interface Flags extends CommonFlags {
  readonly set: string[];
}

/** `tfsweep validate CONFIG`: everything that is wrong with a sweep file, or what it would try. */
export const addValidateVerb: AddVerb = (program) => {
  const command = program
    .command('validate')
    .description('check a sweep file and say everything that is wrong with it; starts nothing')
    .argument('<config>', 'the sweep file')
    .option('--set <key=value>', 'change a key of the sweep file; may be repeated', collect, [])
    .option('--json', 'print the result as one JSON document')
    .action((path: string, flags: Flags) => validate(path, flags));
  withExamples(command, [
    'tfsweep validate sweep.yaml',
    'tfsweep validate sweep.yaml --set run_cap=50 --json',
  ]);
};

async function validate(path: string, flags: Flags): Promise<void> {
  const { config, configDir, warnings } = loadConfig(path, { set: flags.set });
  const plugin = await samplerPlugin(config, configDir);
  const trials = createPureStudy({ ...studyOptions(config), samplerPlugin: plugin }).remaining();
  for (const warning of warnings) note(`${paint('yellow', 'warning', process.stderr)} ${warning}`);
  if (flags.json) {
    printJson({
      sweep: config.name,
      method: config.method,
      sampler: config.sampler.type,
      parameters: config.parameters.length,
      trials,
      warnings,
    });
    return;
  }
  printLine(`${paint('green', 'ok')} ${path}: ${summary(config, trials)}`);
}

function summary(config: SweepConfig, trials: number | null): string {
  const count =
    trials === null
      ? 'no limit of trials'
      : `${trials} ${config.method === 'grid' ? 'point' : 'trial'}${trials === 1 ? '' : 's'}`;
  const parameters = `${config.parameters.length} parameter${config.parameters.length === 1 ? '' : 's'}`;
  return `${config.name}, ${config.method} over ${parameters}, ${count}`;
}
