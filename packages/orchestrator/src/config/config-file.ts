import { readFileSync, statSync } from 'node:fs';
import { ConfigError, type ConfigIssue } from './config-error.ts';

/** A sweep file is written by a person; more than this is another file by mistake. */
const MAX_BYTES = 1_048_576;

/**
 * The text of a sweep file, without a byte order mark.
 * @throws ConfigError when there is none, or it is too large or no UTF-8.
 */
export function readConfigFile(path: string): string {
  const refuse = (message: string, at: Partial<ConfigIssue> = {}, cause?: unknown): never => {
    throw new ConfigError(path, [{ line: 1, column: 1, path: '', message, ...at }], { cause });
  };
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return refuse('no such file; `tfsweep init` writes one to start from');
  if (!found.isFile()) return refuse('expected a file');
  if (found.size > MAX_BYTES)
    return refuse(`too large: ${found.size} bytes, a sweep file has at most ${MAX_BYTES}`);
  const bytes = readBytes(path, refuse);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    return refuse(
      `not UTF-8${isUtf16 ? ' but UTF-16' : ''}; save the file as UTF-8`,
      placeOfFirstBadByte(bytes),
    );
  }
}

function readBytes(path: string, refuse: (message: string, at: object, cause: unknown) => never): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    return refuse(`can't be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`, {}, error);
  }
}

function placeOfFirstBadByte(bytes: Buffer): { line: number; column: number } {
  // The replacement character stands where decoding went wrong; a file may hold one of its own, before which all is well.
  const before = bytes.toString('utf8').split('\uFFFD', 1)[0]!;
  const lines = before.split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}
