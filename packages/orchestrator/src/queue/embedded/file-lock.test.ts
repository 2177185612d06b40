import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { thisProcess } from '../../process-identity.ts';
import { withFileLock } from './file-lock.ts';

describe('a file lock', () => {
  let dir: string;
  let path: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'tfsweep-test-'));
    path = join(dir, 'lock');
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it('lets one in at a time, and leaves no file', async () => {
    let inside = 0;
    let most = 0;
    const enter = (): Promise<void> =>
      withFileLock(path, async () => {
        inside += 1;
        most = Math.max(most, inside);
        for (let i = 0; i < 5; i++) await turn();
        inside -= 1;
      });
    await Promise.all(Array.from({ length: 10 }, enter));
    expect(most).toBe(1);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('is free again after what was done under it failed', async () => {
    const fail = async (): Promise<never> => {
      throw new Error('no');
    };
    await expect(withFileLock(path, fail)).rejects.toThrow('no');
    expect(await withFileLock(path, async () => existsSync(path))).toBe(true);
  });

  it('of a dead process is taken over, by one of those that want it', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(path, JSON.stringify({ ...thisProcess(), pid }));
    let inside = 0;
    const enter = (): Promise<number> =>
      withFileLock(path, async () => {
        inside += 1;
        await turn();
        inside -= 1;
        return inside;
      });
    expect(await Promise.all(Array.from({ length: 5 }, enter))).toEqual([0, 0, 0, 0, 0]);
    expect(readdirSync(dir)).toEqual([]);
  });
});
