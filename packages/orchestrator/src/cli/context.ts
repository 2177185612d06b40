import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { styleText } from 'node:util';
import type { Command } from 'commander';

/** Flags that every verb takes. */
export interface CommonFlags {
  /** `--dir`: the folder that holds everything tfsweep writes. */
  readonly dir?: string;
  readonly json?: boolean;
}

/** `--dir`, else the nearest `.tfsweep/` from here upwards (as git looks for .git), else `.tfsweep/` here. */
export function stateDir(flags: CommonFlags): string {
  if (flags.dir !== undefined) return resolve(flags.dir);
  const here = resolve('.tfsweep');
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const candidate = join(folder, '.tfsweep');
    if (existsSync(join(candidate, 'tfsweep.db'))) return candidate;
    if (dirname(folder) === folder) return here;
  }
}

/** The result, on standard output: nothing else is ever printed there by a verb with `--json`. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printLine(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Progress and remarks, on standard error. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

/** Colour only on a terminal, and not where NO_COLOR asks for none. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return stream.isTTY && !process.env.NO_COLOR ? styleText(style, text, { validateStream: false }) : text;
}

/** One verb of the command line: a file that parses, calls and prints. */
export type AddVerb = (program: Command) => void;

/** Appends an example to a verb's `--help`. */
export function withExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${examples.map((line) => `  $ ${line}`).join('\n')}\n`);
}
