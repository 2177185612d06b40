import { realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { basename, dirname } from 'node:path/posix';
import { artifactsDir } from './artifact-paths.ts';
import { TfsweepError } from './errors.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SEGMENT = /^(?!\.+$)[\w.-]+$/;

/**
 * Removes a folder that lies below the store's artifacts folder, with all that is in it; does nothing where it is gone. The
 * path may come from a worker or from a store that somebody else has made: it must be within the folder of one sweep.
 *
 * @param path relative to the artifacts folder, with `/`; its first segment is the sweep's id
 * @throws TfsweepError where it is no such path, or where a symbolic link on the way leads elsewhere; nothing is removed then.
 */
export async function removeArtifacts(storeDir: string, path: string): Promise<void> {
  const [sweep = '', ...below] = path.split('/');
  if (!UUID.test(sweep) || !below.every((segment) => SEGMENT.test(segment))) {
    throw new TfsweepError(
      'ARTIFACT_PATH',
      `'${path}' is no folder of a sweep's artifacts. Nothing was removed.`,
      { exitCode: 2 },
    );
  }
  const root = artifactsDir(storeDir);
  const parent = dirname(path);
  const [real, reached] = await Promise.all([followed(root), followed(join(root, parent))]);
  if (real === null || reached === null) return;
  if (reached !== join(real, parent)) {
    throw new TfsweepError(
      'ARTIFACT_LINK',
      `A symbolic link on the way to ${join(root, path)} leads to ${reached}. Nothing was removed.`,
    );
  }
  // What is linked to from inside stays: the links alone go.
  await rm(join(reached, basename(path)), { recursive: true, force: true });
}

/** null: there is nothing. */
async function followed(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
