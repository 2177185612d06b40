import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, type ProcessIdentity, thisProcess } from '@tfsweep/orchestrator/protocol';

/**
 * One lock per GPU and host: two agents that each know their own slots only would otherwise train on the same device
 * and run each other out of memory. A lock is a file with the identity of its holder; that of a dead one is taken over.
 */
export type LockResult =
  | { readonly kind: 'taken'; readonly lock: DeviceLock }
  | { readonly kind: 'held'; readonly by: ProcessIdentity };

export interface DeviceLock {
  release(): Promise<void>;
}

/** Takes the lock of a device, named by letters, digits and `-` (its UUID), without waiting. */
export async function lockDevice(device: string, folder: string = lockFolder()): Promise<LockResult> {
  // Everyone on the host takes part, and whoever comes next must be able to remove what a dead process left.
  if (await mkdir(folder, { recursive: true })) await chmod(folder, 0o777);
  const path = join(folder, `${device.replace(/[^\w-]/g, '_')}.lock`);
  const text = JSON.stringify({ ...thisProcess(), token: randomUUID() });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, text, { flag: 'wx', mode: 0o644 });
  try {
    for (;;) {
      // A hard link appears whole or not at all: nobody ever reads a half-written lock.
      if (await succeeds(link(draft, path), 'EEXIST')) return { kind: 'taken', lock: lockFile(path, text) };
      const found = await readIfThere(path);
      if (found === null) continue;
      const holder = parseHolder(found);
      // Unknown (null) is a container that was started anew with its old files: nobody is left in it.
      if (holder !== null && isAlive(holder) === true) return { kind: 'held', by: holder };
      await removeStale(path, found, draft);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

function lockFolder(): string {
  return join(tmpdir(), 'tfsweep-locks');
}

function lockFile(path: string, text: string): DeviceLock {
  return {
    async release() {
      if ((await readIfThere(path)) === text) await rm(path, { force: true });
    },
  };
}

/**
 * Two may find the same stale lock, and the slower one must not remove what the faster one has put in its place: only
 * the holder of a second lock removes, and only what is still there.
 */
async function removeStale(path: string, stale: string, draft: string): Promise<void> {
  const takeover = `${path}.takeover`;
  if (!(await succeeds(link(draft, takeover), 'EEXIST'))) {
    const text = await readIfThere(takeover);
    const holder = text === null ? null : parseHolder(text);
    if (text !== null && (holder === null || isAlive(holder) !== true)) await rm(takeover, { force: true });
    return;
  }
  try {
    if ((await readIfThere(path)) === stale) await rm(path, { force: true });
  } finally {
    await rm(takeover, { force: true });
  }
}

function parseHolder(text: string): ProcessIdentity | null {
  try {
    const { host, bootId, pid, startTime } = JSON.parse(text) as Partial<ProcessIdentity>;
    if (typeof host !== 'string' || typeof bootId !== 'string') return null;
    if (typeof pid !== 'number' || typeof startTime !== 'string') return null;
    return { host, bootId, pid, startTime };
  } catch {
    return null;
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function succeeds(action: Promise<void>, expected: 'EEXIST' | 'ENOENT'): Promise<boolean> {
  try {
    await action;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === expected) return false;
    throw error;
  }
}
