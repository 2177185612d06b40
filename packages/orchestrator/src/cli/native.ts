import type { Command } from 'commander';
import type { BackendProbe } from '../protocol/agent.ts';
import { type AddVerb, note, paint, printJson, printLine, withExamples } from './context.ts';
import { loadWorkerModule } from './optional-package.ts';

export const addNativeVerb: AddVerb = (program: Command) => {
  const command = program
    .command('native')
    .description('build the native addon of TensorFlow.js against a libtensorflow of your own (docs/gpu.md)')
    .requiredOption(
      '--libtensorflow <folder>',
      'TensorFlow’s archive for C, unpacked, or the folder of Python’s package tensorflow',
    )
    .option('--json', 'print what was built as one JSON document');
  withExamples(command, [
    'tfsweep native --libtensorflow /opt/libtensorflow',
    'tfsweep native --libtensorflow tf/lib/python3.11/site-packages/tensorflow',
  ]).action(build);
};

async function build({ libtensorflow, json }: { libtensorflow: string; json?: boolean }): Promise<void> {
  const { buildNativeAddon, probeBackends } = await loadWorkerModule();
  note('Compiling, this takes a few seconds …');
  const addon = await buildNativeAddon(libtensorflow);
  note('Training a step on it …');
  const name = addon.usesGpu ? 'node-gpu' : 'node';
  const probe = (await probeBackends([name]))[0]!;
  if (json) printJson({ ...addon, backend: probe });
  else printLine(`libtensorflow ${addon.version} (${addon.libtensorflow})\n${verdict(probe)}`);
  if (!probe.works) process.exitCode = 1;
}

function verdict({ name, works, detail }: BackendProbe): string {
  return works
    ? paint('green', `The backend ${name} works: sweeps use it from now on.`)
    : paint('red', `It loads, and the backend ${name} does not train: ${detail}`);
}
