import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

/** What set-up remembers between runs: stamps, logs, its lock. */
export const SETUP_DIR = join(ROOT, '.setup');

/** Where programs are unpacked that the machine lacks; `launch` in the clone looks in the same `.tfsweep/`. */
export const STATE_DIR = join(ROOT, '.tfsweep');

/**
 * Programs of these names on the PATH, in the order of the names.
 * @param {readonly string[]} names
 * @returns {string[]}
 */
export function executablesOnPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return names
    .flatMap((name) => folders.map((folder) => join(folder, `${name}${suffix}`)))
    .filter(isExecutable);
}

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
