import { Redis } from 'ioredis';
import type { RedisTarget } from '../agent.ts';
import { parseRedisTarget, type RedisAddress } from './address.ts';
import { RedisVersionError, toRedisError } from './errors.ts';
import { isTooOld, MINIMUM_REDIS_VERSION } from './server-version.ts';

/**
 * What a connection is for. `commands`: everything that is answered at once. `blocking`: reads that wait, at most
 * MAX_BLOCK_MS. `subscriber`: pub/sub.
 */
export type RedisRole = 'commands' | 'blocking' | 'subscriber';

/** Longest wait of a blocking read: a server that died without a word is noticed soon after. */
export const MAX_BLOCK_MS = 5_000;

const CONNECT_TIMEOUT_MS = 10_000;
/** A server that owes an answer for that long is taken for dead, and the connection made anew. */
const SILENCE_LIMIT_MS: Record<RedisRole, number> = {
  commands: 10_000,
  blocking: MAX_BLOCK_MS + 10_000,
  subscriber: 10_000,
};
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 2_000;

export interface ConnectOptions {
  /** Is told what works but should be changed on the server. */
  readonly warn?: (line: string) => void;
}

/**
 * A connection that is ready, to a server that is new enough. When it breaks later, it comes back by itself; commands
 * given or still unanswered meanwhile reject at once and are never repeated behind the caller's back, since a repeated
 * fetch would take a second job.
 *
 * @throws RedisAddressError, RedisUnavailableError, RedisAuthError, RedisVersionError or RedisTlsError.
 */
export async function connectRedis(
  target: RedisTarget,
  role: RedisRole,
  { warn }: ConnectOptions = {},
): Promise<Redis> {
  const address = parseRedisTarget(target);
  let hasBeenReady = false;
  const redis = new Redis({
    ...address.options,
    connectionName: `tfsweep-${role}`,
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_LIMIT_MS[role],
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // With 0, commands that were under way when the connection broke are rejected instead of left pending for ever.
    maxRetriesPerRequest: 0,
    retryStrategy: (times) =>
      hasBeenReady ? Math.min(FIRST_RETRY_MS * 2 ** (times - 1), LAST_RETRY_MS) : null,
  });
  let lastError: unknown;
  redis.on('error', (error) => {
    lastError = error;
  });
  redis.on('ready', () => {
    hasBeenReady = true;
  });
  try {
    await redis.connect();
    await checkServer(redis, address, warn);
  } catch (error) {
    redis.disconnect();
    throw toRedisError(lastError ?? error, address);
  }
  return redis;
}

async function checkServer(redis: Redis, address: RedisAddress, warn: ConnectOptions['warn']): Promise<void> {
  const info = parseInfo(await redis.info());
  // Valkey and Dragonfly state the version of Redis that they are compatible with.
  const version = info.redis_version ?? 'unknown';
  if (isTooOld(version)) {
    throw new RedisVersionError(
      `The Redis at ${address.shown} is version ${version}; tfsweep needs ${MINIMUM_REDIS_VERSION} or newer (or any Valkey). Upgrade it, or leave out \`--redis\` for a private server.`,
    );
  }
  const policy = info.maxmemory_policy;
  if (warn !== undefined && policy !== undefined && policy !== 'noeviction' && info.maxmemory !== '0') {
    warn(
      `The Redis at ${address.shown} may throw away jobs when its memory is full (maxmemory-policy ${policy}). Set it to noeviction.`,
    );
  }
}

function parseInfo(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).map((line) => line.split(':') as [string, string?]);
  return Object.fromEntries(lines.map(([key, value = '']) => [key, value]));
}
