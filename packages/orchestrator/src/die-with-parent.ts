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
  return folders.map((folder) => join(folder, 'setpriv')).find((path) => existsSync(path)) ?? null;
}
