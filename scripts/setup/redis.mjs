import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasDebianPackages, loadBuiltQueue } from './built-queue.mjs';
import { executablesOnPath, STATE_DIR } from './paths.mjs';
import { duration, say } from './say.mjs';

const NAMES = ['redis-server', 'valkey-server'];
const BROUGHT = join(STATE_DIR, 'tools', 'redis');

/** A Redis server: the machine's own, or the distribution's, unpacked into the clone. Without one sweeps still run. */
export async function bringRedis() {
  // Nothing is asked of the server itself here: `launch` does, and says what it finds.
  if (executablesOnPath(NAMES).length > 0 || existsSync(BROUGHT)) return;
  const { bringDebianRedis, findRedisServer, RedisNotFoundError } = await loadBuiltQueue();
  if (hasDebianPackages()) {
    say(
      '• Bringing Redis: unpacking the distribution’s packages below .tfsweep/tools, without root (about 10 seconds)',
    );
    const began = Date.now();
    try {
      await bringDebianRedis(STATE_DIR, () => {});
      const server = await findRedisServer(STATE_DIR);
      if (server !== null) {
        say(`  done in ${duration(Date.now() - began)}: ${server.name} ${server.version}`);
        return;
      }
      say('  What was unpacked does not start here.');
    } catch (error) {
      say(`  ${error instanceof Error ? error.message : error}`);
    }
  }
  say(`  ${new RedisNotFoundError().message} Until then a queue inside the process serves.`);
}
