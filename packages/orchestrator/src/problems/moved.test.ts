import { expect, it } from 'vitest';
import { problemText } from '../../../../benchmarks/reference.mjs';
import { drawParams } from '../space/points.ts';
import { toUnit } from '../space/unit.ts';
import { createRng } from '../study/rng.ts';
import { canBeMoved, movedProblem, randomRotation, readProblem } from './index.ts';

const load = (name: string) => readProblem(problemText(name), name);
const CONTINUOUS = ['ackley10', 'branin2', 'hartmann6', 'levy8', 'rastrigin5', 'rosenbrock5'];

it('moves the continuous problems and no others', () => {
  for (const name of CONTINUOUS) expect(canBeMoved(load(name))).toBe(true);
  for (const name of ['mixed8', 'conditional14', 'digits_mlp']) {
    expect(canBeMoved(load(name))).toBe(false);
    expect(() => movedProblem(load(name), { seed: 1, rotate: true })).toThrow(/can't be shifted/);
  }
});

it.each(CONTINUOUS)('keeps the best value of %s, at another place inside the box', (name) => {
  const problem = load(name);
  for (const seed of [1, 2, 3]) {
    const moved = movedProblem(problem, { seed, rotate: true });
    const best = moved.optimum.params!;
    expect(moved.evaluate(best)).toBeCloseTo(problem.optimum.value, 6);
    for (const { name: parameter, distribution } of moved.space) {
      const u = toUnit(distribution, best[parameter]!);
      expect(u).toBeGreaterThanOrEqual(0.1 - 1e-9);
      expect(u).toBeLessThanOrEqual(0.9 + 1e-9);
    }
    const rng = createRng(seed, 0, 'test');
    for (let i = 0; i < 300; i++)
      expect(moved.evaluate(drawParams(moved.space, rng))).toBeGreaterThan(problem.optimum.value - 1e-9);
  }
});

it('shifts alone by the difference of the optima, where nothing is rotated', () => {
  const problem = load('rastrigin5');
  const moved = movedProblem(problem, { seed: 5, rotate: false });
  const [from, to] = [problem.optimum.params!, moved.optimum.params!];
  const point = { x1: 0.3, x2: -1.1, x3: 2, x4: 0, x5: 1 };
  const back = Object.fromEntries(
    Object.entries(point).map(([name, x]) => [name, x - Number(to[name]) + Number(from[name])]),
  );
  expect(moved.evaluate(point)).toBeCloseTo(problem.evaluate(back), 9);
});

it('keeps distances in the unit cube: rings around both optima hold the same values', () => {
  // Of a sum of squares alone the value follows from the distance to the optimum.
  const sphere = readProblem(
    JSON.stringify({
      format: 'hpo-ref/1',
      name: 'sphere',
      direction: 'minimize',
      space: ['x', 'y', 'z'].map((name) => ({ name, type: 'float', low: -1, high: 3 })),
      objective: { kind: 'expr', let: [], value: ['+', ['*', 'x', 'x'], ['*', 'y', 'y'], ['*', 'z', 'z']] },
      optimum: { value: 0, status: 'exact', params: { x: 0, y: 0, z: 0 } },
    }),
    'sphere',
  );
  const moved = movedProblem(sphere, { seed: 9, rotate: true });
  const at = moved.optimum.params!;
  const rng = createRng(1, 0, 'test');
  for (let i = 0; i < 20; i++) {
    const point = drawParams(moved.space, rng);
    const squared = Object.keys(at).reduce((sum, k) => sum + (Number(point[k]) - Number(at[k])) ** 2, 0);
    expect(moved.evaluate(point)).toBeCloseTo(squared, 9);
  }
});

it('is decided by its seed', () => {
  const problem = load('levy8');
  const point = drawParams(problem.space, createRng(1, 0, 'test'));
  const value = (seed: number) => movedProblem(problem, { seed, rotate: true }).evaluate(point);
  expect(value(4)).toBe(value(4));
  expect(value(4)).not.toBe(value(5));
});

it('rotates by an orthonormal matrix of determinant 1, whose entries average to nothing', () => {
  let sum = 0;
  for (let seed = 0; seed < 400; seed++) {
    const [[a, b, c], [d, e, f], [g, h, i]] = randomRotation(3, createRng(seed, 0, 'test')) as [
      [number, number, number],
      [number, number, number],
      [number, number, number],
    ];
    expect(a * a + b * b + c * c).toBeCloseTo(1, 12);
    expect(a * d + b * e + c * f).toBeCloseTo(0, 12);
    expect(a * g + b * h + c * i).toBeCloseTo(0, 12);
    expect(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)).toBeCloseTo(1, 12);
    sum += a;
  }
  // Standard deviation of one entry is sqrt(1/3): of the mean of 400 it is 0.029.
  expect(Math.abs(sum / 400)).toBeLessThan(0.12);
});
