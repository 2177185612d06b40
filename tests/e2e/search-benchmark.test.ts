import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { optunaRuns } from '../../benchmarks/reference.mjs';

const RUNNER = fileURLToPath(new URL('../../benchmarks/run.mjs', import.meta.url));
const run = promisify(execFile);
const bench = (...args: string[]) => run(process.execPath, [RUNNER, ...args], { maxBuffer: 1e8 });

interface Cell {
  mean: number;
  se: number;
  seeds: number;
}
interface Figures {
  plain: Record<string, { problems: Record<string, Record<string, Cell>>; mean: Record<string, Cell> }>;
  optuna: Record<string, { problems: Record<string, Record<string, Cell | null>> }>;
  verdicts: Array<{ sampler: string; problem: string; trials: number; low: number; high: number }>;
  moved: Record<string, { instances: Record<string, unknown> }>;
  in_flight: Record<string, { ratio: Record<string, number> }>;
  noise: Record<string, { looks_best: Record<string, Cell>; is_best: Record<string, Cell> }>;
  priors: Record<string, unknown>;
}
const read = (stdout: string) => (JSON.parse(stdout) as { figures: Figures }).figures;

it('prints regrets beside those of Optuna, and every other table, as JSON', async () => {
  const parts = 'plain,moved,in-flight,noise,priors';
  const { stdout } = await bench(
    ...['search', '--json', '--parts', parts, '--samplers', 'random,tpe', '--problems', 'branin2,mixed8'],
    ...['--seeds', '2', '--trials', '10,50', '--in-flight', '4'],
  );
  const figures = read(stdout);
  for (const sampler of ['random', 'tpe']) {
    const { problems, mean } = figures.plain[sampler]!;
    for (const at of ['10', '50']) {
      const cells = ['branin2', 'mixed8'].map((problem) => problems[problem]![at]!);
      for (const cell of cells) {
        expect(cell.seeds).toBe(2);
        expect(cell.mean).toBeGreaterThanOrEqual(0);
        expect(cell.mean).toBeLessThanOrEqual(1);
      }
      expect(mean[at]!.mean).toBeCloseTo((cells[0]!.mean + cells[1]!.mean) / 2, 3);
    }
    expect(problems.branin2!['50']!.mean).toBeLessThanOrEqual(problems.branin2!['10']!.mean);
  }
  expect(figures.verdicts.map(({ sampler, problem, trials }) => `${sampler} ${problem} ${trials}`)).toEqual([
    'random branin2 50',
    'random mixed8 50',
    'tpe branin2 50',
    'tpe mixed8 50',
  ]);
  // mixed8 has choices: it can't be rotated.
  expect(Object.keys(figures.moved.tpe!.instances)).toEqual(['branin2/1']);
  expect(figures.in_flight['1']!.ratio['50']).toBe(1);
  expect(Object.keys(figures.priors)).toEqual(['none', 'right', 'wrong']);
  const { looks_best, is_best } = figures.noise.tpe!;
  expect(is_best['50']!.mean).toBeLessThanOrEqual(looks_best['50']!.mean);
});

it('takes over from Optuna what its summary says', () => {
  // Rounded figures of the summary that came with the curves.
  const { zero, one, samplers } = optunaRuns().branin2!;
  const at50 = samplers.tpe!.curves.map((curve) =>
    Math.min(1, Math.max(0, (curve[49]! - zero) / (one - zero))),
  );
  expect(at50.reduce((sum, value) => sum + value, 0) / 20).toBeCloseTo(0.026, 3);
});

it('goes on where a stored run ended, and compares with an earlier one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tfsweep-bench-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const store = join(folder, 'runs.jsonl');
  const args = ['search', '--json', '--parts', 'plain', '--samplers', 'tpe', '--problems', 'branin2'];
  const first = await bench(...args, '--seeds', '1', '--trials', '20', '--store', store);
  expect(readFileSync(store, 'utf8').split('\n').filter(Boolean).length).toBe(1);
  const second = await bench(...args, '--seeds', '2', '--trials', '20', '--store', store, '--against', store);
  expect(second.stderr).toContain('1 runs to do');
  const cell = (stdout: string) => read(stdout).plain.tpe!.problems.branin2!['20']!;
  expect(cell(first.stdout).seeds).toBe(1);
  expect(cell(second.stdout).seeds).toBe(2);
  const { against } = JSON.parse(second.stdout).figures as { against: Array<{ difference: number }> };
  expect(against.map(({ difference }) => difference)).toEqual([0]);
});

it.each([
  [['--parts', 'plane'], /--parts names `plane`; it takes plain/],
  [['--problems', 'branin3'], /--problems names `branin3`/],
  [['--seeds', 'many'], /--seeds is `many`; it must be a whole number from 1/],
  [['--samplers', 'astrology'], /names none that there is/],
  [['--speed'], /Unknown option '--speed'/],
])('refuses %j with a sentence and exit code 2', async (args, message) => {
  await expect(bench('search', ...args)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(message),
  });
});
