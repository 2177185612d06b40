import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from '../../data/prepared-data.ts';

const SHOWN_DIGITS = 12;

/** Says in the trial's log, and whole in its artifacts, what it learnt from. */
export async function recordData(
  source: DataSource,
  { log, artifacts }: { readonly log: (line: string) => void; readonly artifacts: string },
): Promise<void> {
  const { name, sha256, rows, notes } = source;
  log(
    `The data are ${name} (sha256 ${sha256.slice(0, SHOWN_DIGITS)}…): ${rows.training} samples train, ${rows.validation} validate.`,
  );
  for (const note of notes) log(note);
  await writeFile(join(artifacts, 'data.json'), `${JSON.stringify(source, null, 2)}\n`);
}
