import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acquireLock } from '../../scripts/setup/lock.mjs';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tfsweep-lock-'));
  file = join(folder, 'lock');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const nobody = (pid: number): void => {
  throw new Error(`waits for ${pid}`);
};

it('names its holder while it is held, and is gone afterwards', async () => {
  const release = await acquireLock(file, nobody);
  expect(readFileSync(file, 'utf8')).toBe(String(process.pid));
  release();
  expect(existsSync(file)).toBe(false);
});

it('makes a second set-up wait until the first one has ended', async () => {
  const release = await acquireLock(file, nobody);
  let waitsFor = 0;
  const second = acquireLock(file, (pid) => {
    waitsFor = pid;
    release();
  });
  (await second)();
  expect(waitsFor).toBe(process.pid);
});

it('takes over the lock of a process that died', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(file, String(pid));
  const release = await acquireLock(file, nobody);
  expect(readFileSync(file, 'utf8')).toBe(String(process.pid));
  release();
});
