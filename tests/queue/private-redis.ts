import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedisTarget } from '@tfsweep/orchestrator/protocol';
import { connectRedis } from '@tfsweep/orchestrator/protocol/redis';
import { type EmbeddedRedis, ensureEmbeddedRedis, findRedisServer } from '@tfsweep/orchestrator/queue';
import type { Redis } from 'ioredis';

/** Where no server can be had, tests of Redis are skipped; CI has to have one. */
export async function lacksRedis(): Promise<boolean> {
  const server = await findRedisServer(tmpdir());
  if (server === null && process.env.CI === 'true')
    throw new Error('CI needs a Redis server: see scripts/setup');
  return server === null;
}

export interface PrivateRedis {
  readonly dir: string;
  readonly target: RedisTarget;
  readonly embedded: EmbeddedRedis;
  /** A connection that is none of the code under test. */
  readonly admin: Redis;
  close(): Promise<void>;
}

/** A server of a test file's own, in a folder of its own. */
export async function startPrivateRedis(): Promise<PrivateRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'tfsweep-test-'));
  const embedded = await ensureEmbeddedRedis(dir, { note: () => undefined });
  const admin = await connectRedis(embedded.target, 'commands');
  return {
    dir,
    target: embedded.target,
    embedded,
    admin,
    close: async () => {
      admin.disconnect();
      await embedded.release();
      await rm(dir, { recursive: true });
    },
  };
}
