import { join } from 'node:path';
import { unpackDebianPackages } from './debian-packages.ts';

/**
 * Unpacks the distribution's Redis below `<dir>/tools/redis`, where `findRedisServer` looks. About 10 s and 8 MB.
 *
 * @throws DebianPackagesError where this is no Debian or Ubuntu, or its mirror can't be reached.
 */
export async function bringDebianRedis(dir: string, note: (line: string) => void): Promise<void> {
  await unpackDebianPackages({ packages: ['redis-server'], into: join(dir, 'tools', 'redis'), note });
}
