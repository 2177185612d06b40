import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect, promisify } from 'node:util';
import type { RedisTarget } from '@tfsweep/orchestrator/protocol';
import {
  connectRedis,
  RedisAuthError,
  RedisTlsError,
  RedisUnavailableError,
  RedisVersionError,
} from '@tfsweep/orchestrator/protocol/redis';
import { createRedisTrialQueue, findRedisServer } from '@tfsweep/orchestrator/queue';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRedisWorkerLink } from '../../packages/worker/src/link/index.ts';
import { lacksRedis, type PrivateRedis, startPrivateRedis } from './private-redis.ts';
import { jobsOf, listingOf, Recorder } from './queue-driver.ts';

const run = promisify(execFile);

async function failure(target: RedisTarget): Promise<Error> {
  return await connectRedis(target, 'commands').then(
    (redis) => {
      redis.disconnect();
      return new Error('it connected');
    },
    (error: Error) => error,
  );
}

describe('a Redis that can not be used', () => {
  const servers: Server[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });

  /** Answers each command of a client by the first reply whose name it contains. */
  async function fakeServer(replies: Record<string, string>): Promise<string> {
    const server = createServer((socket) => {
      socket.on('data', (data) => {
        for (const command of data.toString().split(/(?=\*\d+\r\n)/)) {
          const name = Object.keys(replies).find((key) => command.toLowerCase().includes(key));
          socket.write(name === undefined ? '+OK\r\n' : replies[name]!);
        }
      });
      socket.on('error', () => socket.destroy());
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('because nothing listens there is named with its address', async () => {
    const url = await fakeServer({});
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const error = await failure({ url: url.replace('redis://', 'redis://user:geheim@') });
    expect(error).toBeInstanceOf(RedisUnavailableError);
    expect(error.message).toContain(`No Redis answers at ${url}`);
    expect(error.message).toContain('connection refused');
    expect(error.message).not.toContain('geheim');
  });

  it('because there is no such socket says so', async () => {
    const error = await failure({ url: `unix:${join(tmpdir(), randomUUID())}` });
    expect(error).toBeInstanceOf(RedisUnavailableError);
    expect(error.message).toContain('no such socket');
  });

  it('because it is too old names both versions', async () => {
    const info = 'redis_version:5.0.0\r\nloading:0\r\n';
    const url = await fakeServer({
      hello: "-ERR unknown command 'HELLO'\r\n",
      info: `$${info.length}\r\n${info}\r\n`,
    });
    const error = await failure({ url });
    expect(error).toBeInstanceOf(RedisVersionError);
    expect(error.message).toMatch(/is version 5\.0\.0; tfsweep needs 6\.2 or newer/);
  });

  it('because it does not speak TLS says which address to write', async () => {
    const url = await fakeServer({});
    const error = await failure({ url: url.replace('redis:', 'rediss:') });
    expect(error).toBeInstanceOf(RedisTlsError);
    expect(error.message).toContain('Write `redis://`');
  });
});

describe.skipIf(await lacksRedis())('a connection to Redis', () => {
  let redis: PrivateRedis;
  beforeAll(async () => {
    redis = await startPrivateRedis();
  });
  afterAll(async () => {
    await redis.close();
  });

  it('with a wrong password is refused, and the password is not repeated', async () => {
    const error = await failure({ url: redis.target.url, password: 'geheim' });
    expect(error).toBeInstanceOf(RedisAuthError);
    expect(error.message).toContain('refuses this user or password');
    expect(inspect(error, { depth: 10 })).not.toContain('geheim');
    expect(error).toMatchObject({ exitCode: 2 });
  });

  it('without the password that is wanted says how to give it', async () => {
    const error = await failure({ url: redis.target.url });
    expect(error).toBeInstanceOf(RedisAuthError);
    expect(error.message).toContain('TFSWEEP_REDIS_PASSWORD');
  });

  it('is refused likewise at both ends of the queue', async () => {
    const target = { url: redis.target.url, password: 'wrong' };
    await expect(createRedisTrialQueue(target, randomUUID())).rejects.toBeInstanceOf(RedisAuthError);
    await expect(createRedisWorkerLink(target).open(new Recorder())).rejects.toBeInstanceOf(RedisAuthError);
  });

  it('sees and touches no key outside of its prefix', async () => {
    const sweep = randomUUID();
    const [a, b] = [listingOf(sweep), listingOf(sweep)];
    await redis.admin.flushall();
    const fleetA = { ...redis.target, prefix: 'fleet-a' };
    const fleetB = { ...redis.target, prefix: 'fleet-b' };
    const queueA = await createRedisTrialQueue(fleetA, sweep);
    await queueA.open(a);
    await queueA.enqueue(jobsOf(sweep, [0], 'a'));
    const keysOfA = await redis.admin.keys('*');
    expect(keysOfA.filter((key) => !key.startsWith('fleet-a:'))).toEqual([]);

    const queueB = await createRedisTrialQueue(fleetB, sweep);
    await queueB.open(b);
    const linkB = createRedisWorkerLink(fleetB);
    await linkB.open(new Recorder());
    expect(await linkB.sweeps()).toEqual([b]);
    expect(await linkB.take(b)).toBeNull();
    await queueB.close({ forget: true });
    await linkB.close();
    expect((await redis.admin.keys('*')).sort()).toEqual(keysOfA.sort());
    await queueA.close({ forget: true });
    expect(await redis.admin.keys('*')).toEqual([]);
  });

  it('to a server that may throw jobs away is warned of', async () => {
    const warnings: string[] = [];
    const warn = (line: string): void => void warnings.push(line);
    (await connectRedis(redis.target, 'commands', { warn })).disconnect();
    expect(warnings).toEqual([]);
    await redis.admin.config('SET', 'maxmemory', '100mb');
    await redis.admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    (await connectRedis(redis.target, 'commands', { warn })).disconnect();
    await redis.admin.config('SET', 'maxmemory-policy', 'noeviction');
    expect(warnings).toEqual([expect.stringContaining('maxmemory-policy allkeys-lru')]);
  });
});

const server = await findRedisServer(tmpdir());

async function canTestTls(): Promise<boolean> {
  if (server === null) return false;
  try {
    await run('openssl', ['version']);
    // A server that was built without TLS does not know its options.
    return (await readFile(server.path)).includes('tls-ca-cert-file');
  } catch {
    return false;
  }
}

describe.skipIf(!(await canTestTls()))('a Redis behind TLS', () => {
  let dir: string;
  let url: string;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tfsweep-tls-'));
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    await run(
      'openssl',
      ['req', '-x509', ...key, '-keyout', 'key.pem', '-out', 'cert.pem', '-days', '2', ...subject],
      {
        cwd: dir,
      },
    );
    const port = await freePort();
    url = `rediss://localhost:${port}`;
    const { path, env } = server!;
    const options = [
      '--port',
      '0',
      '--tls-port',
      `${port}`,
      '--bind',
      '127.0.0.1',
      '--tls-auth-clients',
      'no',
    ];
    const files = [
      '--tls-cert-file',
      'cert.pem',
      '--tls-key-file',
      'key.pem',
      '--tls-ca-cert-file',
      'cert.pem',
    ];
    const child = spawn(
      path,
      [...options, ...files, '--save', '', '--requirepass', 'geheim', '--loglevel', 'notice'],
      {
        cwd: dir,
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    stop = async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    };
    await new Promise<void>((resolve, reject) => {
      let log = '';
      child.stdout.on('data', (text: Buffer) => {
        log += text.toString();
        if (log.includes('Ready to accept connections')) resolve();
      });
      child.once('exit', () => reject(new Error(`redis-server ended: ${log}`)));
    });
  });
  afterAll(async () => {
    await stop();
    await rm(dir, { recursive: true });
  });

  it('is reached when its authority is named', async () => {
    const redis = await connectRedis({ url, password: 'geheim', caFile: join(dir, 'cert.pem') }, 'commands');
    expect(await redis.ping()).toBe('PONG');
    redis.disconnect();
  });

  it('is not trusted otherwise, and the message says how to name it', async () => {
    const error = await failure({ url, password: 'geheim' });
    expect(error).toBeInstanceOf(RedisTlsError);
    expect(error.message).toContain('--redis-ca FILE');
  });

  it('whose certificate is for another name is not trusted', async () => {
    const error = await failure({
      url: url.replace('localhost', '127.0.0.1'),
      caFile: join(dir, 'cert.pem'),
    });
    expect(error).toBeInstanceOf(RedisTlsError);
    expect(error.message).toContain('is not valid');
  });

  it('is not answered without TLS, and the message says what to write', async () => {
    const error = await failure({ url: url.replace('rediss:', 'redis:') });
    expect(error).toBeInstanceOf(RedisUnavailableError);
    expect(error.message).toContain('write `rediss://`');
  });

  it('whose authority is in a file that is none names the file', async () => {
    await writeFile(join(dir, 'empty.pem'), 'no certificate');
    expect(await readFile(join(dir, 'empty.pem'), 'utf8')).toBe('no certificate');
    const error = await failure({ url, caFile: join(dir, 'empty.pem') });
    expect(error.message).toContain('--redis-ca');
    expect((await failure({ url, caFile: join(dir, 'missing.pem') })).message).toContain('missing.pem');
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
