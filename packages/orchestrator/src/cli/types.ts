import { loadConfig } from '../config/index.ts';
import { paramsType } from '../config/params-type.ts';
import { type AddVerb, type CommonFlags, note, printJson, withExamples } from './context.ts';
import { collect } from './run-flags.ts';

interface Flags extends CommonFlags {
  readonly set: string[];
}

/** `tfsweep types CONFIG`: the TypeScript type of a trainer's `params`. */
export const addTypesVerb: AddVerb = (program) => {
  const command = program
    .command('types')
    .description("print the TypeScript type of a trainer's `params`")
    .argument('<config>', 'the sweep file; its trainer may be missing')
    .option('--set <key=value>', 'change a key of the sweep file; may be repeated', collect, [])
    .option('--json', 'print {"types": "…"}')
    .action((path: string, flags: Flags) => {
      const { config, warnings } = loadConfig(path, { set: flags.set, trainerOptional: true });
      for (const warning of warnings) note(warning);
      const types = paramsType(config.parameters, config.name);
      if (flags.json) printJson({ types });
      else process.stdout.write(types);
    });
  withExamples(command, ['tfsweep types sweep.yaml > params.ts']);
};
