import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { PROBLEM_NAMES } from '../../benchmarks/reference.mjs';

const SCRIPT = fileURLToPath(new URL('../../benchmarks/ask-tell.py', import.meta.url));
const run = promisify(execFile);

const hasPython = spawnSync('python3', ['--version']).status === 0;
// A person without Python sees a skipped test; CI must have it.
const withPython = it.skipIf(!hasPython && process.env.CI !== 'true');

withPython(
  'is driven over every reference problem from Python, by a script that checks each reply',
  async () => {
    const { stdout } = await run('python3', [SCRIPT, '--trials', '12', '--sampler', 'tpe', '--json']);
    const { trials, regrets, mean } = JSON.parse(stdout) as {
      trials: number;
      regrets: Record<string, number>;
      mean: number;
    };
    expect(trials).toBe(12);
    expect(Object.keys(regrets).sort()).toEqual(PROBLEM_NAMES);
    for (const regret of Object.values(regrets)) {
      expect(regret).toBeGreaterThanOrEqual(0);
      expect(regret).toBeLessThanOrEqual(1);
    }
    // Two more trials than the regret's one has, over nine problems: one of them at least does better.
    expect(mean).toBeLessThan(1);
  },
);

withPython('gives the same choices for the same seed, and others for another one', async () => {
  const regret = async (seed: string) => {
    const args = ['--trials', '15', '--problems', 'branin2,conditional14', '--seed', seed, '--json'];
    return JSON.parse((await run('python3', [SCRIPT, ...args])).stdout).regrets as Record<string, number>;
  };
  const [first, again, other] = [await regret('1'), await regret('1'), await regret('2')];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});
