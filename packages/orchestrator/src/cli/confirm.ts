import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';

/**
 * Asks a person at a terminal, who says yes with `y` or `yes`.
 * @returns whether it is meant; null where the question was left by Ctrl-C or Ctrl-D.
 */
export async function confirm(question: string, input: Readable, output: Writable): Promise<boolean | null> {
  const terminal = createInterface({ input, output, terminal: true });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ABORT_ERR') throw error;
    output.write('\n');
    return null;
  } finally {
    terminal.close();
  }
}
