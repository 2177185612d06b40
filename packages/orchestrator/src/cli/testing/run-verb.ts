import { Command } from 'commander';
import { vi } from 'vitest';
import type { AddVerb } from '../context.ts';

/** Runs a verb in this process. @returns what it prints on standard output */
export async function runVerb(add: AddVerb, ...args: string[]): Promise<string> {
  const program = new Command('tfsweep').exitOverride();
  add(program);
  for (const verb of program.commands) verb.exitOverride().configureOutput({ writeErr: () => undefined });
  let output = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  const notes = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  try {
    await program.parseAsync(args, { from: 'user' });
  } finally {
    write.mockRestore();
    notes.mockRestore();
  }
  return output;
}
