import type { Redis } from 'ioredis';

/** A Lua script that runs in one round trip: by its hash, with its text where the server does not know it yet. */
export type RedisScript = (
  redis: Redis,
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<unknown>;

/** @param name of the command that it becomes on each connection; unique in this project. */
export function redisScript(name: string, numberOfKeys: number, lua: string): RedisScript {
  return async (redis, keys, args) => {
    const commands = redis as unknown as Record<string, (...parts: (string | number)[]) => Promise<unknown>>;
    if (commands[name] === undefined) redis.defineCommand(name, { numberOfKeys, lua });
    return await commands[name]!(...keys, ...args);
  };
}
