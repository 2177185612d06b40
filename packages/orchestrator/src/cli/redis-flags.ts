import type { Command } from 'commander';
import type { RedisTarget } from '../protocol/agent.ts';

export interface RedisFlags {
  readonly redis?: string;
  readonly redisPrefix?: string;
  readonly redisCa?: string;
}

export function addRedisOptions(command: Command): Command {
  return command
    .option('--redis <url>', 'redis://, rediss:// or unix: address of a server (or TFSWEEP_REDIS_URL)')
    .option(
      '--redis-prefix <text>',
      'before every key, for several fleets on one server (or TFSWEEP_REDIS_PREFIX)',
    )
    .option('--redis-ca <file>', "PEM file of the authority behind a rediss:// server's certificate");
}

/**
 * The server that flags or environment name; null: none is named. A password is better given as
 * TFSWEEP_REDIS_PASSWORD than in the URL, since arguments are visible to every user of the machine.
 */
export function redisTarget(flags: RedisFlags): RedisTarget | null {
  const { env } = process;
  const url = flags.redis ?? (env.TFSWEEP_REDIS_URL || undefined);
  if (url === undefined) return null;
  const password = env.TFSWEEP_REDIS_PASSWORD || undefined;
  const prefix = flags.redisPrefix ?? (env.TFSWEEP_REDIS_PREFIX || undefined);
  const caFile = flags.redisCa ?? (env.TFSWEEP_REDIS_CA || undefined);
  return {
    url,
    ...(password === undefined ? {} : { password }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(caFile === undefined ? {} : { caFile }),
  };
}
