import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { onTestFinished } from 'vitest';
import { findRedisServer } from '../../packages/orchestrator/src/queue/index.ts';
import { type Playground, until } from './tfsweep.ts';

/** A server as an administrator would run it: TCP on loopback, with a password. */
export async function startRedis(playground: Playground): Promise<{ url: string }> {
  const binary = await findRedisServer(playground.folder);
  if (binary === null) throw new Error('no redis-server: `npm test` brings one');
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--requirepass',
    password,
    '--dir',
    playground.folder,
  ];
  const server = spawn(binary.path, args, {
    env: { ...process.env, ...binary.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    server.kill('SIGKILL');
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  });
  let output = '';
  server.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await until('redis-server accepts connections', () => output.includes('eady to accept connections'));
  return { url: `redis://:${password}@127.0.0.1:${port}` };
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
