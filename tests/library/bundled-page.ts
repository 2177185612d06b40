import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { ROOT } from '../setup/workspace.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
};

/** Bundles the page in a folder of this repository, as a user's bundler would. @returns the folder of the bundle. */
export async function bundle(folder: string): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), 'tfsweep-page-'));
  onTestFinished(() => rmSync(out, { recursive: true, force: true }));
  const vite = createRequire(join(ROOT, 'packages/dashboard/package.json')).resolve('vite/package.json');
  const child = spawn(
    process.execPath,
    [
      join(dirname(vite), 'bin/vite.js'),
      'build',
      folder,
      '--outDir',
      out,
      '--emptyOutDir',
      '--logLevel',
      'warn',
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  // A Node builtin in the graph does not fail vite: it warns, and leaves an empty object in its place.
  expect({ code, said }).toEqual({ code: 0, said: '' });
  return out;
}

/** @returns its address; the server ends with the test. */
export async function serveFolder(folder: string): Promise<string> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = pathname === '/' ? '/index.html' : pathname;
    try {
      const body = readFileSync(join(folder, path));
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
