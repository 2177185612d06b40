import { Option } from 'commander';
import { sweepJsonSchemaText } from '../config/json-schema.ts';
import { configReference } from '../config/reference.ts';
import { type AddVerb, withExamples } from './context.ts';

/** `tfsweep schema`: the JSON Schema of sweep files, for completion in an editor. */
export const addSchemaVerb: AddVerb = (program) => {
  const command = program
    .command('schema')
    .description('print the JSON Schema of sweep files, for completion in an editor')
    .option('--json', 'as without: the schema is JSON')
    .addOption(
      new Option('--markdown', 'print the reference of the sweep file instead (docs/config.md)').hideHelp(),
    )
    .action((flags: { readonly markdown?: boolean }) => {
      process.stdout.write(flags.markdown ? configReference() : sweepJsonSchemaText());
    });
  withExamples(command, ['tfsweep schema > tfsweep.schema.json']);
};
