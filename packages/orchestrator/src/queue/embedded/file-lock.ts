import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { TfsweepError } from '../../errors.ts';
import { isAlive, type ProcessIdentity, thisProcess } from '../../process-identity.ts';

const RETRY_MS = 10;
/** Longer than anybody works under a lock. */
const PATIENCE_MS = 60_000;

/**
 * Runs `action` while no other process of this host runs one under the same path. A lock whose process is dead is
 * taken over.
 *
 * @throws TfsweepError `LOCKED` where it is not to be had for a minute.
 */
export async function withFileLock<T>(path: string, action: () => Promise<T>): Promise<T> {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, JSON.stringify(thisProcess()), { mode: 0o600, flag: 'wx' });
  try {
    const deadline = performance.now() + PATIENCE_MS;
    while (!tryLink(draft, path)) {
      if (removeDead(path)) continue;
      if (performance.now() > deadline) throw lockedError(path);
      await sleep(RETRY_MS);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  try {
    return await action();
  } finally {
    rmSync(path, { force: true });
  }
}

/** A link is made whole or not at all, and never replaces what is there. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function removeDead(path: string): boolean {
  const owner = readOwner(path);
  if (owner === null || isAlive(owner) !== false) return false;
  const grave = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.dead`;
  try {
    renameSync(path, grave);
  } catch {
    return true;
  }
  // Between the look and the move, somebody else may have removed the dead lock and made one of their own: give it back.
  const moved = readOwner(grave);
  if (moved !== null && isAlive(moved) !== false) tryLink(grave, path);
  rmSync(grave, { force: true });
  return true;
}

function lockedError(path: string): TfsweepError {
  const owner = readOwner(path);
  const who = owner === null ? 'somebody' : `process ${owner.pid} on ${owner.host}`;
  return new TfsweepError('LOCKED', `${path} is held by ${who}. If that no longer runs, delete the file.`);
}

function readOwner(path: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch {
    return null;
  }
}
