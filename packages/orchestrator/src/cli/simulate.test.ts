import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { describe, expect, it, vi } from 'vitest';
import { tempFolder } from '../config/testing/temp-folder.ts';
import { addSimulateVerb } from './simulate.ts';

const CONFIG = fileURLToPath(new URL('../../../../configs/simulate.yaml', import.meta.url));

/** Runs the verb in this process. */
async function run(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const program = new Command('tfsweep').exitOverride();
  addSimulateVerb(program);
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
  const printed: string[] = [];
  const noted: string[] = [];
  const out = vi
    .spyOn(process.stdout, 'write')
    .mockImplementation((chunk) => printed.push(String(chunk)) > 0);
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => noted.push(String(chunk)) > 0);
  try {
    await program.parseAsync(['simulate', ...args], { from: 'user' });
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
  return { stdout: printed.join(''), stderr: noted.join('') };
}

interface Report {
  sweep: string;
  problem: string;
  runs: Array<{
    workers: number;
    seed: number;
    trials: Record<string, number>;
    virtual_s: number;
    utilisation: number;
    steps: number;
    full_steps: number;
    best: { value: number };
    curve: Array<{ seconds: number; value: number }>;
  }>;
}

const random = ['--set', 'method=random', '--set', 'sampler.type=random'];

describe('simulate', () => {
  it('replays a problem on each fleet with each seed, as JSON', async () => {
    const { stdout, stderr } = await run(
      ...[CONFIG, '--problem', 'digits_mlp', '--workers', '2,32', '--seeds', '2', '--trials', '50', '--json'],
      ...[...random, '--step-time', '1m'],
    );
    const { sweep, problem, runs } = JSON.parse(stdout) as Report;
    expect([sweep, problem]).toEqual(['simulate', 'digits_mlp']);
    expect(runs.map(({ workers, seed }) => [workers, seed])).toEqual([
      [2, 6],
      [2, 7],
      [32, 6],
      [32, 7],
    ]);
    for (const { trials, steps, full_steps, utilisation, best, curve } of runs) {
      expect(trials.complete! + trials.pruned!).toBe(50);
      expect(trials.pruned).toBeGreaterThan(20);
      expect(full_steps).toBe(50 * 27);
      expect(steps).toBeLessThan(full_steps);
      expect(utilisation).toBeGreaterThan(0);
      expect(utilisation).toBeLessThanOrEqual(1);
      expect(best.value).toBe(curve.at(-1)!.value);
    }
    // Sixteen times the workers are faster, though not sixteen times, and not all busy to the end.
    expect(runs[2]!.virtual_s).toBeLessThan(runs[0]!.virtual_s / 2);
    expect(runs[2]!.utilisation).toBeLessThan(runs[0]!.utilisation);
    expect(stderr).toContain('The parameters are those of digits_mlp: the sweep has no `l2`.');
  });

  it('shows a row for each fleet', async () => {
    const { stdout } = await run(
      ...[CONFIG, '--problem', 'levy8', '--workers', '1,4', '--trials', '20', ...random],
      ...['--time-spread', '0', '--step-time', '30s'],
    );
    const lines = stdout.split('\n');
    expect(lines.find((line) => /^\s+1 /.test(line))).toMatch(/ 10 m 00 s +100 % +20 +0 /);
    expect(lines.find((line) => /^\s+4 /.test(line))).toMatch(/ 2 m 30 s +100 % +20 +0 /);
    expect(stdout).toContain('known to be possible: 0)');
  });

  it("takes the budget's time and the target as virtual ones", async () => {
    const args = [
      CONFIG,
      '--problem',
      'branin2',
      '--workers',
      '2',
      '--json',
      '--time-spread',
      '0',
      ...random,
    ];
    const short = JSON.parse((await run(...args, '--set', 'budget.wallclock=10m')).stdout) as Report;
    expect(short.runs[0]).toMatchObject({ virtual_s: 600, trials: { complete: 20 } });
    const reached = JSON.parse((await run(...args, '--set', 'metric.target=3')).stdout) as Report;
    expect(reached.runs[0]!.best.value).toBeLessThanOrEqual(3);
    expect(reached.runs[0]!.curve.at(-2)?.value ?? 99).toBeGreaterThan(3);
  });

  it("searches the sweep's own space of a problem from a file", async () => {
    const folder = tempFolder();
    const problem = join(folder, 'parabola.json');
    writeFileSync(
      problem,
      JSON.stringify({
        format: 'hpo-ref/1',
        name: 'parabola',
        direction: 'minimize',
        space: [{ name: 'x', type: 'float', low: -10, high: 10 }],
        objective: { kind: 'expr', let: [['d', ['-', 'x', 2]]], value: ['*', 'd', 'd'] },
        optimum: { value: 0, status: 'exact', params: { x: 2 } },
      }),
    );
    const config = join(folder, 'sweep.yaml');
    writeFileSync(config, 'method: grid\nparameters:\n  x: {values: [0, 1, 3.5]}\n');
    const { stdout, stderr } = await run(config, '--problem', problem, '--json');
    const { runs } = JSON.parse(stdout) as Report;
    expect(runs[0]!.trials.complete).toBe(3);
    expect(runs[0]!.best.value).toBe(1);
    expect(stderr).toBe('');
  });

  it.each([
    [['--problem', 'digit_mlp'], /no such problem; did you mean `digits_mlp`\? The problems are ackley10/],
    [['--problem', CONFIG], /simulate\.yaml is no JSON/],
    [['--problem', 'levy8', '--workers', '0'], /--workers is `0`; it must be whole numbers from 1/],
    [['--problem', 'levy8', '--trials', 'all'], /--trials is `all`; it must be a whole number from 1/],
    [['--problem', 'levy8', '--step-time', '5'], /--step-time is `5`; it must be a duration/],
    [['--problem', 'levy8', '--time-spread', '-1'], /--time-spread is `-1`/],
  ])('refuses %j with what to do instead', async (args, message) => {
    await expect(run(CONFIG, ...args)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });
});
