import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

let setpriv: string | null | undefined;

/**
 * A command line whose process the kernel kills when the thread that started it dies, by util-linux's `setpriv`; the
 * plain command where there is none.
 *
 * @returns the program and its arguments, for `spawn`.
 */
export function dieWithParent(command: string, args: readonly string[]): readonly [string, string[]] {
  setpriv ??= findSetpriv();
  return setpriv === null ? [command, [...args]] : [setpriv, ['--pdeathsig', 'KILL', command, ...args]];
}

function findSetpriv(): string | null {
  if (process.platform !== 'linux') return null;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders.map((folder) => join(folder, 'setpriv')).find((path) => existsSync(path));
  return found !== undefined && knowsDeathSignal(found) ? found : null;
}

/** Busybox has a `setpriv` of its own that does not. */
function knowsDeathSignal(path: string): boolean {
  return spawnSync(path, ['--pdeathsig', 'KILL', 'true'], { stdio: 'ignore', timeout: 5_000 }).status === 0;
}
