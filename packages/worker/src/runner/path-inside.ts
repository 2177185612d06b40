import { isAbsolute, relative, resolve, sep } from 'node:path';
import { TfsweepError } from '@tfsweep/orchestrator/protocol';

export class PathOutsideRootError extends TfsweepError {
  constructor(path: string, root: string) {
    super(
      'PATH_OUTSIDE_ROOT',
      `The path ${JSON.stringify(path)} leads out of ${root}: files of a sweep lie in the folder of its sweep file, or below.`,
    );
  }
}

/** The absolute path of a relative one that must stay below `root`. @throws PathOutsideRootError */
export function pathInside(root: string, path: string): string {
  const whole = resolve(root, path);
  const back = relative(root, whole);
  if (isAbsolute(path) || isAbsolute(back) || back === '..' || back.startsWith(`..${sep}`)) {
    throw new PathOutsideRootError(path, root);
  }
  return whole;
}
