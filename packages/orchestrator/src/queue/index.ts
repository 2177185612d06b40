export { AbandonedSweep } from './abandoned-sweep.ts';
export { DebianPackagesError, unpackDebianPackages } from './embedded/debian-packages.ts';
export { bringDebianRedis } from './embedded/debian-redis.ts';
export { type EmbeddedRedis, EmbeddedRedisError, ensureEmbeddedRedis } from './embedded/embedded-redis.ts';
export { fleetSecret } from './embedded/fleet-secret.ts';
export {
  findRedisServer,
  RedisNotFoundError,
  type RedisServerBinary,
} from './embedded/redis-server-binary.ts';
export { embeddedTarget } from './embedded/server-record.ts';
export { createMemoryBroker, type MemoryBroker } from './memory-trial-queue.ts';
export { createRedisTrialQueue } from './redis-trial-queue.ts';
