import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { OBJECTIVES_PROBLEMS, objectivesProblem } from '../../benchmarks/search/objectives-problems.mjs';

const RUNNER = fileURLToPath(new URL('../../benchmarks/run.mjs', import.meta.url));
const run = promisify(execFile);

interface Cell {
  mean: number;
  seeds: number;
}
type Table = Record<string, { problems: Record<string, Record<string, Cell>>; mean: Record<string, Cell> }>;

it('prints the regret of the hypervolume beside that of Optuna', async () => {
  const { stdout } = await run(process.execPath, [
    ...[RUNNER, 'search', '--json', '--parts', 'objectives', '--samplers', 'random,tpe'],
    ...['--seeds', '2', '--trials', '10,40'],
  ]);
  const { figures } = JSON.parse(stdout) as {
    figures: { objectives: Table; optuna_objectives: Table };
  };
  expect(Object.keys(figures.objectives)).toEqual(['random', 'tpe']);
  for (const { problems, mean } of Object.values(figures.objectives)) {
    expect(Object.keys(problems)).toEqual(OBJECTIVES_PROBLEMS);
    for (const cells of Object.values(problems)) {
      expect(cells['10']!.seeds).toBe(2);
      expect(cells['40']!.mean).toBeLessThanOrEqual(cells['10']!.mean);
    }
    expect(mean['40']!.mean).toBeGreaterThan(0);
    expect(mean['10']!.mean).toBeLessThanOrEqual(1);
  }
  expect(Object.keys(figures.optuna_objectives)).toEqual(['tpe', 'tpe_mvgroup', 'gp']);
});

it('knows the hypervolumes of fronts that have a closed form', () => {
  for (const [name, above] of [
    // ∫ √x and ∫ x² below the front: what lies between it and 1 is not dominated.
    ['zdt1', 1 / 3],
    ['zdt2', 2 / 3],
  ] as const) {
    const { reference, scale } = objectivesProblem(name);
    expect(-scale.zero).toBeCloseTo(reference[0]! * reference[1]! - above, 3);
    expect(scale.one).toBeGreaterThan(scale.zero);
  }
});

it('has its best values where it says, and nothing beyond the front', () => {
  const best = { x1: 0.32, x2: 0.71, x3: 0.18, x4: 0.58, x5: 0.83 };
  expect(objectivesProblem('zdt1').losses({ x0: 0.25, ...best })).toEqual([0.25, 0.5]);
  expect(objectivesProblem('zdt1').losses({ x0: 0.25, ...best, x3: 1 })[1]).toBeGreaterThan(0.5);
  const sphere = { x0: 0.3, x1: 0.6, x2: 0.32, x3: 0.71, x4: 0.18, x5: 0.58 };
  expect(Math.hypot(...objectivesProblem('dtlz2').losses(sphere))).toBeCloseTo(1, 12);
  const small = {
    optimizer: 'sgd',
    sgd_lr: 0.0316,
    sgd_momentum: 0.9,
    sgd_nesterov: 'yes',
    weight_decay: 1e-4,
  };
  const [value, size] = objectivesProblem('conditional14 and size').losses({
    ...small,
    n_layers: 2,
    units_l1: 128,
    units_l2: 64,
  });
  expect(value).toBeCloseTo(0.03, 5);
  expect(size).toBe(192);
});
