import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isAlive, type ProcessIdentity } from '@tfsweep/orchestrator/protocol';
import { connectRedis } from '@tfsweep/orchestrator/protocol/redis';
import { type EmbeddedRedis, embeddedTarget, ensureEmbeddedRedis } from '@tfsweep/orchestrator/queue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lacksRedis } from './private-redis.ts';
import { eventually } from './queue-driver.ts';

interface ServerRecord extends ProcessIdentity {
  readonly keeper: ProcessIdentity;
  readonly url: string;
  readonly password: string;
  readonly place: string;
}

describe.skipIf(await lacksRedis())('the private Redis of a folder', () => {
  let dir: string;
  let held: EmbeddedRedis[];
  let children: ChildProcess[];
  let notes: string[];

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tfsweep-test-'));
    held = [];
    children = [];
    notes = [];
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(held.map((server) => server.release()));
    await rm(dir, { recursive: true });
  });

  const hold = async (folder = dir): Promise<EmbeddedRedis> => {
    const server = await ensureEmbeddedRedis(folder, { note: (line) => notes.push(line) });
    held.push(server);
    return server;
  };
  /** Another process that holds it; `says` waits for a line of its output. */
  const holdElsewhere = async (): Promise<{ child: ChildProcess; says: (line: string) => Promise<void> }> => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('holder.mjs', import.meta.url)), dir], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    const lines: string[] = [];
    createInterface({ input: child.stdout! }).on('line', (line) => lines.push(line));
    const says = (line: string): Promise<void> => eventually(() => expect(lines).toContain(line));
    await says('held');
    return { child, says };
  };
  const record = (folder = dir): ServerRecord =>
    JSON.parse(readFileSync(join(folder, 'redis.json'), 'utf8')) as ServerRecord;
  const ping = async ({ target }: EmbeddedRedis): Promise<string> => {
    const redis = await connectRedis(target, 'commands');
    const answer = await redis.ping();
    redis.disconnect();
    return answer;
  };
  const gone = async (server: ServerRecord): Promise<void> =>
    await eventually(() => {
      expect(isAlive(server)).toBe(false);
      expect(isAlive(server.keeper)).toBe(false);
      expect(existsSync(server.place)).toBe(false);
    });

  it('listens on a socket alone, wants a password, and keeps nothing', async () => {
    const server = await hold();
    const redis = await connectRedis(server.target, 'commands');
    const settings = (await redis.config(
      'GET',
      'port',
      'save',
      'appendonly',
      'maxmemory-policy',
      'unixsocketperm',
    )) as string[];
    redis.disconnect();
    expect(
      Object.fromEntries(
        Array.from({ length: settings.length / 2 }, (_, i) => settings.slice(2 * i, 2 * i + 2)),
      ),
    ).toEqual({
      port: '0',
      save: '',
      appendonly: 'no',
      'maxmemory-policy': 'noeviction',
      unixsocketperm: '700',
    });
    expect(statSync(join(dir, 'redis.json')).mode & 0o777).toBe(0o600);
    expect(statSync(record().place).mode & 0o777).toBe(0o700);
    expect(embeddedTarget(dir)).toEqual(server.target);
  });

  it('is one for all that ask at the same time', async () => {
    const servers = await Promise.all([hold(), hold(), hold()]);
    expect(new Set(servers.map(({ target }) => target.password)).size).toBe(1);
    const { pid } = record();
    const redis = await connectRedis(servers[2]!.target, 'commands');
    expect(await redis.info('server')).toContain(`process_id:${pid}\r\n`);
    redis.disconnect();
  });

  it('outlives the process that started it as long as another one holds it, and ends with the last', async () => {
    const first = await holdElsewhere();
    const server = await hold();
    const { pid } = record();
    first.child.stdin!.write('\n');
    await first.says('released');
    expect(await ping(server)).toBe('PONG');
    expect(record().pid).toBe(pid);
    const last = record();
    await server.release();
    await gone(last);
    expect(readdirSync(dir)).toEqual([]);
    expect(embeddedTarget(dir)).toBeNull();
    expect(notes).toEqual([]);
  });

  it('ends when its last holder is killed', async () => {
    const { child } = await holdElsewhere();
    const server = record();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await gone(server);
    expect(embeddedTarget(dir)).toBeNull();
    // What the dead one left behind is in nobody's way.
    expect(await ping(await hold())).toBe('PONG');
  });

  it('stays when one of its holders is killed', async () => {
    const { child } = await holdElsewhere();
    const server = await hold();
    const { pid } = record();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await ping(server)).toBe('PONG');
    expect(record().pid).toBe(pid);
  });

  it('runs again under the same address and password after it was killed, and all its holders hear of it', async () => {
    const other = await holdElsewhere();
    const server = await hold();
    const before = record();
    const restarted = new Promise<void>((resolve) => server.onRestart(resolve));
    process.kill(before.pid, 'SIGKILL');
    await restarted;
    await other.says('restarted');
    expect(await ping(server)).toBe('PONG');
    const after = record();
    expect(after.pid).not.toBe(before.pid);
    expect([after.url, after.password]).toEqual([before.url, before.password]);
    expect(notes).toEqual(['The private Redis server had died and runs again.']);
    // The one that was started again is held by both just the same.
    other.child.stdin!.write('\n');
    await other.says('released');
    await server.release();
    await gone(after);
  });

  it('stays as it is when the connections of its holders are cut', async () => {
    const server = await hold();
    const { pid } = record();
    const redis = await connectRedis(server.target, 'commands');
    await redis.set('kept', 'yes');
    let restarts = 0;
    server.onRestart(() => {
      restarts += 1;
    });
    const holders = async (): Promise<string[]> =>
      ((await redis.client('LIST')) as string)
        .split('\n')
        .filter((line) => line.includes(' name=tfsweep-holder '));
    const [before] = await holders();
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    // It holds the same server again, by a new connection.
    await eventually(async () => {
      const [after, ...others] = await holders();
      expect(others).toEqual([]);
      expect(after).toBeDefined();
      expect(after?.split(' ')[0]).not.toBe(before?.split(' ')[0]);
    });
    expect(await redis.get('kept')).toBe('yes');
    redis.disconnect();
    expect(record().pid).toBe(pid);
    expect([restarts, notes]).toEqual([0, []]);
    const last = record();
    await server.release();
    await gone(last);
  });

  it('dies with its keeper, and is started again', async () => {
    const server = await hold();
    const before = record();
    const restarted = new Promise<void>((resolve) => server.onRestart(resolve));
    process.kill(before.keeper.pid, 'SIGKILL');
    await restarted;
    await eventually(() => expect(isAlive(before)).toBe(false));
    expect(await ping(server)).toBe('PONG');
  });

  it('has its socket elsewhere where the path of the folder is too long for one', async () => {
    const deep = join(dir, 'x'.repeat(60), 'y'.repeat(60));
    mkdirSync(deep, { recursive: true });
    const server = await hold(deep);
    expect(await ping(server)).toBe('PONG');
    const found = record(deep);
    expect(found.place.startsWith(join(tmpdir(), 'tfsweep-'))).toBe(true);
    expect(statSync(found.place).mode & 0o777).toBe(0o700);
    const restarted = new Promise<void>((resolve) => server.onRestart(resolve));
    process.kill(found.pid, 'SIGKILL');
    await restarted;
    expect(record(deep).place).toBe(found.place);
    await server.release();
    await gone(found);
  });

  it('works in a folder whose name has spaces, quotes and letters of all kinds', async () => {
    const odd = join(dir, `a "b" 'c' $d é`);
    const server = await hold(odd);
    expect(await ping(server)).toBe('PONG');
    const found = record(odd);
    await server.release();
    await gone(found);
  });
});
