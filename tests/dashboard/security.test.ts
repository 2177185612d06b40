import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DashboardError, startDashboard } from '@tfsweep/dashboard';
import { TfsweepError } from '@tfsweep/orchestrator/store';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask, serve } from './dashboard-client.ts';
import { SampleSweep, tempDir } from './sample-store.ts';

const TOKEN = 'correct-horse-battery-staple-0123456789';

/** A port that another server holds for the length of the test. */
async function takenPort(): Promise<number> {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  return (other.address() as AddressInfo).port;
}

describe('where the dashboard listens', () => {
  it('is the loopback address by default, and the next free port where one is taken', async () => {
    const port = await takenPort();
    const { hostname, port: given } = new URL(await serve(tempDir(), { port }));
    expect(hostname).toBe('127.0.0.1');
    expect(Number(given)).toBeGreaterThan(port);
    expect(Number(given)).toBeLessThan(port + 20);
  });

  it.each([
    ['a short token', { token: 'hunter2' }, 'DASHBOARD_WEAK_TOKEN'],
    ['no token beyond loopback', { host: '0.0.0.0', token: null }, 'DASHBOARD_NEEDS_TOKEN'],
    ['a port that is none', { port: 70_000 }, 'DASHBOARD_PORT'],
    ['a foreign address', { host: '192.0.2.1', token: TOKEN }, 'DASHBOARD_LISTEN'],
  ])('is refused with %s', async (_what, options, code) => {
    const error: unknown = await startDashboard({ dir: tempDir(), port: 0, ...options }).catch(
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(DashboardError);
    expect(error).toBeInstanceOf(TfsweepError);
    expect(error).toMatchObject({ code });
  });

  it('needs a random token of its own beyond loopback', async () => {
    const { searchParams } = new URL(await serve(tempDir(), { host: '0.0.0.0' }));
    expect(searchParams.get('token')?.length).toBeGreaterThanOrEqual(32);
  });
});

describe('a token', () => {
  it('lets nobody in who does not show it', async () => {
    const url = await serve(tempDir(), { token: TOKEN });
    for (const path of ['/', '/api/sweeps', '/api/events', `/?token=${TOKEN}x`, '/api/sweeps?token=']) {
      const answer = await ask(url, path);
      expect(answer.status, path).toBe(401);
      expect(answer.headers['set-cookie'], path).toBeUndefined();
    }
    const { port } = new URL(url);
    const forged = await ask(url, '/api/sweeps', { headers: { Cookie: `tfsweep-${port}=${TOKEN}` } });
    expect(forged.status).toBe(401);
  });

  it('becomes a strict cookie that scripts cannot read, and the address loses it', async () => {
    const url = await serve(tempDir(), { token: TOKEN });
    const welcome = await ask(url, `/?token=${TOKEN}`);
    expect(welcome).toMatchObject({ status: 200, text: expect.stringMatching(/url=\//) });
    const cookie = welcome.headers['set-cookie']![0]!;
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).not.toContain(TOKEN);
    const answer = await ask(url, '/api/sweeps', { headers: { Cookie: cookie.split(';')[0]! } });
    expect(answer).toMatchObject({ status: 200, text: '[]' });
  });
});

describe('a request', () => {
  it('is refused when its Host is a foreign name that was pointed here', async () => {
    const url = await serve(tempDir());
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:80', '192.0.2.1']) {
      expect((await ask(url, '/api/sweeps', { headers: { Host: host } })).status, host).toBe(403);
    }
    for (const host of ['localhost', 'localhost:9999', '127.0.0.1:1', '[::1]:8080']) {
      expect((await ask(url, '/api/sweeps', { headers: { Host: host } })).status, host).toBe(200);
    }
  });

  it('cannot write anything', async () => {
    const dir = tempDir();
    await SampleSweep.create(dir);
    const url = await serve(dir);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      expect((await ask(url, '/api/sweeps/digits', { method })).status, method).toBe(405);
    }
  });

  it('gets the page and nothing else of the file system', async () => {
    const url = await serve(tempDir());
    const page = await ask(url, '/');
    expect(page, 'build the page first: `pnpm build`').toMatchObject({
      status: 200,
      text: expect.stringMatching(/<div id="app">/),
    });
    const outside = [
      '/../package.json',
      '/../../package.json',
      '/..%2f..%2fpackage.json',
      '/%2e%2e/%2e%2e/package.json',
      '/assets/..%5c..%5cpackage.json',
      '//etc/passwd',
      '/assets/',
      '/index.html%00.js',
    ];
    for (const path of outside) expect((await ask(url, path)).status, path).toBe(404);
  });

  it('is answered with headers that keep scripts, frames and other sites out', async () => {
    const url = await serve(tempDir());
    for (const path of ['/', '/api/sweeps', '/nothing']) {
      const { headers } = await ask(url, path, { headers: { Origin: 'https://evil.example' } });
      expect(headers['content-security-policy'], path).toContain("script-src 'self'");
      expect(headers['content-security-policy'], path).toContain("default-src 'none'");
      expect(headers['content-security-policy'], path).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy'], path).not.toContain('unsafe-inline');
      expect(headers['x-content-type-options'], path).toBe('nosniff');
      expect(headers['access-control-allow-origin'], path).toBeUndefined();
    }
  });
});
