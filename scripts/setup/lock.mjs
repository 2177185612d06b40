import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 300;

/**
 * Waits until no other live process holds this lock, then holds it until the returned function is called or the process
 * ends. A lock whose process is dead is taken over.
 * @param {string} file
 * @param {(pid: number) => void} onWait called once, when there is somebody to wait for
 * @returns {Promise<() => void>}
 */
export async function acquireLock(file, onWait) {
  mkdirSync(dirname(file), { recursive: true });
  for (let waited = false; !create(file); ) {
    const pid = holderOf(file);
    if (pid === null) continue;
    if (!isAlive(pid)) {
      removeStale(file, pid);
      continue;
    }
    if (!waited) onWait(pid);
    waited = true;
    await sleep(POLL_MS);
  }
  const release = () => {
    process.off('exit', release);
    if (holderOf(file) === process.pid) rmSync(file, { force: true });
  };
  process.on('exit', release);
  return release;
}

/**
 * Linked into place, so that the lock never exists without the pid in it.
 * @param {string} file
 */
function create(file) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {number | null} null: nobody
 */
function holderOf(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * @param {string} file
 * @param {number} pid
 */
function removeStale(file, pid) {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    // Between the look and the rename another process may have replaced the stale lock by its own.
    if (holderOf(aside) !== pid) linkSync(aside, file);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
