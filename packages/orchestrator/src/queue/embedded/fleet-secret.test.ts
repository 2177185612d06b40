import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fleetSecret } from './fleet-secret.ts';

describe("the fleet's secret", () => {
  let dir: string;
  beforeEach(() => {
    vi.stubEnv('TFSWEEP_SECRET', '');
    dir = mkdtempSync(join(tmpdir(), 'tfsweep-test-'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(dir, { recursive: true });
  });

  it('is made once per folder, random, and readable by its owner alone', () => {
    const secret = fleetSecret(join(dir, 'a'));
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(fleetSecret(join(dir, 'a'))).toBe(secret);
    expect(fleetSecret(join(dir, 'b'))).not.toBe(secret);
    expect(readdirSync(join(dir, 'a'))).toEqual(['secret']);
    expect(statSync(join(dir, 'a', 'secret')).mode & 0o777).toBe(0o600);
  });

  it('is the one of the environment where that names one', () => {
    vi.stubEnv('TFSWEEP_SECRET', 'shared between hosts');
    expect(fleetSecret(dir)).toBe('shared between hosts');
    expect(readdirSync(dir)).toEqual([]);
  });

  it('is not made anew over an empty file', () => {
    writeFileSync(join(dir, 'secret'), '\n');
    expect(() => fleetSecret(dir)).toThrow(/secret is empty\. Delete it/);
  });
});
