import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

function bench(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(ROOT, 'benchmarks/run.mjs'), 'training', ...args], {
    encoding: 'utf8',
  });
}

// Not made for a busy machine: an epoch takes seconds there.
const TIMEOUT_MS = 180_000;

it('gives the time per epoch of the backends that are asked for, compared where there is something to compare with', {
  timeout: TIMEOUT_MS,
}, () => {
  const { status, stdout, stderr } = bench(
    ...['--models', 'mlp', '--backends', 'wasm', '--repeats', '1', '--epochs', '1', '--json'],
  );
  expect(status, stderr).toBe(0);
  const { figures } = JSON.parse(stdout);
  expect(figures).toMatchObject({ repeats: 1, epochs: 1, rows: [{ model: 'mlp', samples: 8000 }] });
  const [row] = figures.rows[0].ways;
  expect(row).toMatchObject({ way: 'wasm', scaled: false, times_torch: null, versions: { tfjs: '4.22.0' } });
  for (const time of [row.ms, row.cpu_ms]) expect(time).toBeGreaterThan(0);
});

it('refuses a backend that it does not know, without a stack', () => {
  const { status, stderr } = bench('--backends', 'abacus');
  expect(status).toBe(2);
  expect(stderr).toMatch(/--backends names `abacus`; it takes torch, node/);
  expect(stderr).not.toMatch(/^\s+at /m);
});
