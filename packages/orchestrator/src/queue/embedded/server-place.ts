import { lstatSync, mkdirSync, mkdtempSync, realpathSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leashPath, makeLeash, socketPath } from './keeper.ts';

/** Kernels take about 104 (macOS) or 108 bytes (Linux) as the path of a socket. */
const MAX_SOCKET_PATH_BYTES = 100;

/**
 * A private folder for socket and leash, with a new leash in it: `<dir>/redis`, or one in the system's temporary folder
 * where that path is too long for a socket, or its file system has no pipes. `previous` is used again where it can be:
 * those who know its socket come back by themselves.
 */
export async function preparePlace(dir: string, previous: string | null): Promise<string> {
  const own = join(realpathSync(dir), 'redis');
  const candidates = [...new Set([...(previous === null ? [] : [previous]), own])];
  for (const place of candidates) {
    if (Buffer.byteLength(socketPath(place)) <= MAX_SOCKET_PATH_BYTES && (await prepare(place))) return place;
  }
  const place = mkdtempSync(join(tmpdir(), 'tfsweep-'));
  await renewLeash(place);
  return place;
}

async function prepare(place: string): Promise<boolean> {
  try {
    if (!isPrivateFolder(place)) mkdirSync(place, { mode: 0o700 });
    await renewLeash(place);
    return true;
  } catch {
    try {
      rmdirSync(place);
    } catch {
      // Not ours, or not empty: left as it is.
    }
    return false;
  }
}

async function renewLeash(place: string): Promise<void> {
  rmSync(leashPath(place), { force: true });
  rmSync(socketPath(place), { force: true });
  await makeLeash(place);
}

/** In a temporary folder, somebody else may have made one of that name: then it must not be used. */
function isPrivateFolder(place: string): boolean {
  let stat: ReturnType<typeof lstatSync>;
  try {
    stat = lstatSync(place);
  } catch {
    return false;
  }
  return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0;
}
