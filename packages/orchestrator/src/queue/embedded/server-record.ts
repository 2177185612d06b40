import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from '../../process-identity.ts';
import type { RedisTarget } from '../../protocol/agent.ts';

const processIdentity = z.object({
  host: z.string(),
  bootId: z.string(),
  pid: z.number().int().min(1),
  startTime: z.string(),
});

const serverRecord = processIdentity.extend({
  /** The process that ends the server when nobody holds it any longer. */
  keeper: processIdentity,
  url: z.string().startsWith('unix:/'),
  password: z.string().min(1),
  /** Holds the socket and all else that the server needs. */
  place: z.string().startsWith('/'),
});

/** What `<dir>/redis.json` says of the private server: itself by pid and start time, and how to reach it. */
export type ServerRecord = z.infer<typeof serverRecord>;

/** @returns null where there is none, or none that can be read. */
export function readServerRecord(dir: string): ServerRecord | null {
  try {
    return serverRecord.parse(JSON.parse(readFileSync(recordPath(dir), 'utf8')));
  } catch {
    return null;
  }
}

export function writeServerRecord(dir: string, record: ServerRecord): void {
  const draft = `${recordPath(dir)}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(draft, recordPath(dir));
}

export function removeServerRecord(dir: string): void {
  rmSync(recordPath(dir), { force: true });
}

/** The private server that a launch keeps running in this folder; null: none runs. */
export function embeddedTarget(dir: string): RedisTarget | null {
  const record = readServerRecord(dir);
  if (record === null || isAlive(record) === false) return null;
  return { url: record.url, password: record.password };
}

function recordPath(dir: string): string {
  return join(dir, 'redis.json');
}
