import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TfsweepError } from '../../errors.ts';

const SECRET_BYTES = 32;

/**
 * What jobs are signed with: TFSWEEP_SECRET, else the one in `<dir>/secret`, which is made on the first call. All
 * callers get the same one, however many there are at once.
 */
export function fleetSecret(dir: string): string {
  const given = process.env.TFSWEEP_SECRET;
  if (given) return given;
  const path = join(dir, 'secret');
  return readSecret(path) ?? makeSecret(dir, path);
}

function makeSecret(dir: string, path: string): string {
  mkdirSync(dir, { recursive: true });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(SECRET_BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    // A link never replaces what is there: the first one to come wins, whole.
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const secret = readSecret(path);
  if (secret === null) throw new TfsweepError('SECRET', `${path} vanished while it was read. Try again.`);
  return secret;
}

function readSecret(path: string): string | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  if (text !== '') return text;
  throw new TfsweepError(
    'SECRET',
    `${path} is empty. Delete it: a new secret is made, and workers need a restart.`,
    {
      exitCode: 2,
    },
  );
}
