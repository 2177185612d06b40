import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { TfsweepError } from '../../errors.ts';
import { identityOf, isAlive, type ProcessIdentity } from '../../process-identity.ts';
import type { RedisTarget } from '../../protocol/agent.ts';
import { parseRedisTarget } from '../../protocol/redis/index.ts';
import { withFileLock } from './file-lock.ts';
import { configPath, logPath, socketPath, startKeeper, takeFirstLeash, takeLeash } from './keeper.ts';
import { findRedisServer, RedisNotFoundError } from './redis-server-binary.ts';
import { preparePlace } from './server-place.ts';
import {
  readServerRecord,
  removeServerRecord,
  type ServerRecord,
  writeServerRecord,
} from './server-record.ts';

const PASSWORD_BYTES = 24;
/** By its name in the server's client list one holder sees whether there are others. */
const HOLDER = 'tfsweep-holder';
const START_TIMEOUT_MS = 10_000;
const START_RETRY_MS = 5;
const END_TIMEOUT_MS = 5_000;
const RESTART_RETRY_MS = 1_000;
const SHOWN_LOG_LINES = 3;

export interface EmbeddedRedis {
  readonly target: RedisTarget;
  /** Called each time the server has been found dead and runs again, empty. @returns takes the listener off. */
  onRestart(listener: () => void): () => void;
  /** Lets go of the server; the last one to do so waits for its end. Idempotent. */
  release(): Promise<void>;
}

export interface EmbeddedRedisOptions {
  readonly note: (line: string) => void;
}

/** The private server could not be started, or did not answer. */
export class EmbeddedRedisError extends TfsweepError {
  constructor(message: string, cause?: unknown) {
    super('EMBEDDED_REDIS', message, { cause });
  }
}

/**
 * The private server of a `.tfsweep` folder, started if need be: on a Unix socket alone, with a password, keeping nothing.
 * All holders of a folder share one. It ends with the last of them, however that one ends, and a holder that sees it
 * die starts it again under the same address and password.
 *
 * @throws RedisNotFoundError, EmbeddedRedisError
 */
export async function ensureEmbeddedRedis(
  dir: string,
  { note }: EmbeddedRedisOptions,
): Promise<EmbeddedRedis> {
  mkdirSync(dir, { recursive: true });
  const hold = await attach(dir);
  return new Holder(dir, note, hold);
}

/** One holder's share of a running server. */
interface Hold {
  readonly record: ServerRecord;
  /** File descriptor of the leash. */
  readonly leash: number;
  /** Idle; its end is the server's. */
  readonly watch: Redis;
}

class Holder implements EmbeddedRedis {
  readonly target: RedisTarget;
  readonly #dir: string;
  readonly #note: (line: string) => void;
  readonly #listeners = new Set<() => void>();
  #hold: Hold | null;
  #restarting: Promise<void> | null = null;
  #released: Promise<void> | null = null;

  constructor(dir: string, note: (line: string) => void, hold: Hold) {
    this.#dir = dir;
    this.#note = note;
    this.#hold = hold;
    this.target = { url: hold.record.url, password: hold.record.password };
    this.#watch(hold);
  }

  onRestart(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  release(): Promise<void> {
    this.#released ??= this.#release();
    return this.#released;
  }

  async #release(): Promise<void> {
    await this.#restarting;
    const hold = this.#hold;
    this.#hold = null;
    if (hold === null) return;
    await withFileLock(lockPath(this.#dir), async () => {
      const isLast = await this.#isLast(hold);
      closeSync(hold.leash);
      if (isLast) {
        await ended([hold.record, hold.record.keeper]);
        removeServerRecord(this.#dir);
      } else {
        await hold.watch.quit().catch(() => undefined);
      }
    });
    hold.watch.disconnect();
  }

  async #isLast({ watch }: Hold): Promise<boolean> {
    try {
      const clients = (await watch.client('LIST')) as string;
      return clients.split('\n').filter((line) => line.includes(` name=${HOLDER} `)).length <= 1;
    } catch {
      return true;
    }
  }

  #watch(hold: Hold): void {
    const onEnd = (): void => {
      if (this.#hold !== hold || this.#released !== null) return;
      this.#hold = null;
      // Kept until the next hold: where the connection alone was lost, letting go would end the server.
      this.#restarting = this.#restart(hold.record).finally(() => {
        closeSync(hold.leash);
        this.#restarting = null;
      });
    };
    if (hold.watch.status === 'end') setImmediate(onEnd);
    else hold.watch.once('end', onEnd);
  }

  async #restart(before: ServerRecord): Promise<void> {
    let told = false;
    while (this.#released === null) {
      try {
        const hold = await attach(this.#dir);
        this.#hold = hold;
        this.#watch(hold);
        // The connection alone was lost.
        if (hold.record.pid === before.pid && hold.record.startTime === before.startTime) return;
        this.#note('The private Redis server had died and runs again.');
        for (const listener of this.#listeners) listener();
        return;
      } catch (error) {
        if (!told) this.#note(`The private Redis server has died: ${(error as Error).message} Trying on.`);
        told = true;
        await sleep(RESTART_RETRY_MS);
      }
    }
  }
}

/** Joins the server of the folder, or starts it: one process at a time decides which. */
async function attach(dir: string): Promise<Hold> {
  return await withFileLock(lockPath(dir), async () => {
    const previous = readServerRecord(dir);
    const joined = previous === null ? null : await joinServer(previous);
    return joined ?? (await start(dir, previous));
  });
}

async function joinServer(record: ServerRecord): Promise<Hold | null> {
  if (isAlive(record) === false || isAlive(record.keeper) === false) return null;
  const leash = takeLeash(record.place);
  if (leash === null) return null;
  try {
    return { record, leash, watch: await connectHolder(record) };
  } catch {
    closeSync(leash);
    return null;
  }
}

async function start(dir: string, previous: ServerRecord | null): Promise<Hold> {
  const server = await findRedisServer(dir);
  if (server === null) throw new RedisNotFoundError();
  if (previous !== null) await endRemains(previous);
  const place = await preparePlace(dir, previous?.place ?? null);
  const url = `unix:${socketPath(place)}`;
  const password = previous?.password ?? randomBytes(PASSWORD_BYTES).toString('hex');
  writeFileSync(configPath(place), serverConfig(place, password), { mode: 0o600 });
  const keeper = startKeeper(place, server);
  const keeperPid = await new Promise<number>((resolve, reject) => {
    if (keeper.pid !== undefined) resolve(keeper.pid);
    else
      keeper.once('error', (error) =>
        reject(new EmbeddedRedisError(`sh can't be started: ${error.message}.`, error)),
      );
  });
  const leash = await takeFirstLeash(place, keeper);
  const keeperIdentity = identityOf(keeperPid);
  try {
    const watch = leash === null ? null : await connectWhenUp(url, password, keeperIdentity);
    if (leash === null || watch === null) {
      throw new EmbeddedRedisError(`${server.path} did not start: ${logTail(place)}`);
    }
    const pid = Number(/^process_id:(\d+)/m.exec(await watch.info('server'))?.[1]);
    const record = { ...identityOf(pid), keeper: keeperIdentity, url, password, place };
    writeServerRecord(dir, record);
    return { record, leash, watch };
  } catch (error) {
    if (leash !== null) closeSync(leash);
    throw error;
  }
}

/** A server that runs but does not answer, or its keeper that is about to end, would be in the way. */
async function endRemains({ keeper, ...server }: ServerRecord): Promise<void> {
  for (const identity of [keeper, server]) {
    if (isAlive(identity) !== true) continue;
    try {
      process.kill(identity.pid, 'SIGKILL');
    } catch {
      // Gone in between.
    }
  }
  await ended([keeper, server]);
}

async function ended(identities: readonly ProcessIdentity[]): Promise<void> {
  const deadline = performance.now() + END_TIMEOUT_MS;
  while (identities.some((identity) => isAlive(identity) === true) && performance.now() < deadline) {
    await sleep(START_RETRY_MS);
  }
}

/** @returns null where the server ended, or was not up in time. */
async function connectWhenUp(url: string, password: string, keeper: ProcessIdentity): Promise<Redis | null> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline && isAlive(keeper) !== false) {
    try {
      return await connectHolder({ url, password });
    } catch {
      await sleep(START_RETRY_MS);
    }
  }
  return null;
}

async function connectHolder(target: RedisTarget): Promise<Redis> {
  const redis = new Redis({
    ...parseRedisTarget(target).options,
    connectionName: HOLDER,
    lazyConnect: true,
    connectTimeout: START_TIMEOUT_MS,
    socketTimeout: START_TIMEOUT_MS,
    enableOfflineQueue: false,
    retryStrategy: () => null,
  });
  redis.on('error', () => {
    // Followed by `end`, which is what counts.
  });
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

function serverConfig(place: string, password: string): string {
  // The server's own quoting has the same escapes as JSON for all that a path may hold.
  return [
    'port 0',
    `unixsocket ${JSON.stringify(socketPath(place))}`,
    'unixsocketperm 700',
    `requirepass ${password}`,
    'save ""',
    'appendonly no',
    'maxmemory-policy noeviction',
    `dir ${JSON.stringify(place)}`,
    'daemonize no',
    'loglevel warning',
    '',
  ].join('\n');
}

function logTail(place: string): string {
  try {
    return readFileSync(logPath(place), 'utf8').trim().split('\n').slice(-SHOWN_LOG_LINES).join(' / ');
  } catch {
    return 'it left no log.';
  }
}

function lockPath(dir: string): string {
  return join(dir, 'redis.lock');
}
