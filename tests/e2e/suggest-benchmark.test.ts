import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const RUNNER = fileURLToPath(new URL('../../benchmarks/run.mjs', import.meta.url));
const bench = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  promisify(execFile)(process.execPath, [RUNNER, 'suggest', ...args], { env: { ...process.env, ...env } });

interface Row {
  name: string;
  ours: { wall_ms: Quantiles; cpu_ms: Quantiles; held_mb: number; trials: number };
  optuna: unknown;
}
interface Quantiles {
  median: number;
  p95: number;
  max: number;
}

it('measures an ask after a thousand and after five thousand trials, in processes of their own', async () => {
  const { stdout } = await bench(['--samplers', 'tpe', '--asks', '4', '--json'], {
    OPTUNA_PYTHON: undefined,
  });
  const { name, figures, machine } = JSON.parse(stdout) as {
    name: string;
    figures: { rows: Row[] };
    machine: { cores: number; node: string };
  };
  expect(name).toBe('suggest');
  expect(machine.node).toBe(process.version);
  expect(figures.rows.map(({ ours }) => ours.trials)).toEqual([1_005, 5_005]);
  for (const { ours, optuna } of figures.rows) {
    expect(optuna).toBeNull();
    expect(ours.held_mb).toBeGreaterThan(0);
    for (const { median, p95, max } of [ours.wall_ms, ours.cpu_ms]) {
      expect(median).toBeGreaterThan(0);
      expect(median).toBeLessThanOrEqual(p95);
      expect(p95).toBeLessThanOrEqual(max);
    }
  }
});

it('says that a Python can not be run, or has no Optuna', async () => {
  await expect(
    bench(['--samplers', 'tpe', '--asks', '1', '--optuna', '/nowhere/python']),
  ).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining("/nowhere/python can't be run"),
  });
});
