import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The first place of an error's stack that lies in the user's own files, as `train.ts:12:7`; null: none. */
export function ownFrame(error: unknown, rootDir: string): string | null {
  const stack = error instanceof Error ? error.stack : undefined;
  for (const line of stack?.split('\n') ?? []) {
    const frame = /(?:\(|at (?:async )?)((?:file:\/\/|\/|[A-Za-z]:\\)[^()]*?):(\d+):(\d+)\)?$/.exec(
      line.trim(),
    );
    if (frame === null) continue;
    const path = frame[1]!.startsWith('file://') ? fileURLToPath(frame[1]!) : frame[1]!;
    const own = relative(rootDir, path);
    if (own.startsWith('..') || own === path || own.split(sep).includes('node_modules')) continue;
    return `${own.replaceAll(sep, '/')}:${frame[2]}:${frame[3]}`;
  }
  return null;
}
