import { describe, expect, it } from 'vitest';
import { drawParams } from '../../space/points.ts';
import type { Space } from '../../space/types.ts';
import { createRng } from '../../study/rng.ts';
import { atLeast, float, int, isIn, oneOf, ordinal, parameter } from '../../study/testing/spaces.ts';
import { LogExpectedImprovement } from './acquisition.ts';
import { Encoding } from './encoding.ts';
import { Evidence } from './evidence.ts';
import { HyperPrior } from './hyper-prior.ts';
import { warpOf } from './input-warp.ts';
import { Kernel } from './kernel.ts';
import { type KernelShape, kernelShape, noiseIndex, type Theta, thetaLength } from './kernel-shape.ts';
import { PointColumns } from './points.ts';
import { createPrediction, Posterior } from './posterior.ts';
import { planTerms } from './terms.ts';

const space: Space = [
  parameter('optimizer', oneOf('sgd', 'adam')),
  parameter('momentum', float(0, 1), isIn('optimizer', 'sgd')),
  parameter('nesterov', oneOf(true, false), isIn('optimizer', 'sgd')),
  parameter('layers', int(1, 3)),
  parameter('units', ordinal(8, 16, 32), atLeast('layers', 2)),
  parameter('rate', float(1e-4, 1, { log: true })),
];
const encoding = new Encoding(space);
const plan = planTerms(encoding);
const shapeWith = (warped: readonly number[]): KernelShape =>
  kernelShape(
    encoding.isChoice,
    plan.map(({ columns }) => columns),
    encoding.columns.length,
    warped,
  );
const shapes = [
  ['as they are', shapeWith([])],
  ['warped', shapeWith([1, 3, 4, 5])],
] as const;

/** Random trials, each of them twice. */
function twice(count: number): Float64Array[] {
  const rng = createRng(3, 0, 'points');
  return Array.from({ length: count }, () => encoding.encode(drawParams(space, rng))).flatMap((x) => [x, x]);
}

function someTheta(seed: number, { mean, spread }: HyperPrior): Theta {
  const rng = createRng(seed, 0, 'theta');
  return mean.map((centre, i) => centre + 0.5 * spread[i]! * rng.normal());
}

function columnsOf(points: readonly Float64Array[]): PointColumns {
  const columns = new PointColumns(encoding.columns.length, 2);
  for (const point of points) columns.push(point);
  return columns;
}

function gram(shape: KernelShape, theta: Theta, points: readonly Float64Array[]): number[][] {
  const warp = warpOf(shape, theta);
  const seen = points.map((point) => warp?.apply(point, point.slice()) ?? point);
  const columns = columnsOf(seen);
  const row = new Float64Array(points.length);
  return seen.map((point) => {
    new Kernel(shape, theta).row(columns, points.length, point, row);
    return [...row];
  });
}

/** Jacobi's rotations. */
function smallestEigenvalue(matrix: readonly (readonly number[])[]): number {
  const a = matrix.map((row) => [...row]);
  const n = a.length;
  for (let sweep = 0; sweep < 30; sweep++)
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(a[p]![q]!) < 1e-15) continue;
        const angle = 0.5 * Math.atan2(2 * a[p]![q]!, a[q]![q]! - a[p]![p]!);
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[k]![p]!, a[k]![q]!];
          a[k]![p] = c * x - s * y;
          a[k]![q] = s * x + c * y;
        }
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[p]![k]!, a[q]![k]!];
          a[p]![k] = c * x - s * y;
          a[q]![k] = s * x + c * y;
        }
      }
  return Math.min(...a.map((row, i) => row[i]!));
}

/** log |A| and A⁻¹·b by elimination with pivots. */
function solve(matrix: readonly (readonly number[])[], b: readonly number[]): { log: number; x: number[] } {
  const a = matrix.map((row, i) => [...row, b[i]!]);
  const n = a.length;
  let log = 0;
  for (let p = 0; p < n; p++) {
    let pivot = p;
    for (let i = p; i < n; i++) if (Math.abs(a[i]![p]!) > Math.abs(a[pivot]![p]!)) pivot = i;
    [a[p], a[pivot]] = [a[pivot]!, a[p]!];
    log += Math.log(Math.abs(a[p]![p]!));
    for (let i = 0; i < n; i++) {
      if (i === p) continue;
      const factor = a[i]![p]! / a[p]![p]!;
      for (let k = p; k <= n; k++) a[i]![k] = a[i]![k]! - factor * a[p]![k]!;
    }
  }
  return { log, x: a.map((row, i) => row[n]! / row[i]!) };
}

describe('the encoding', () => {
  it('finds the trees of conditions', () => {
    const names = encoding.trees.map((tree) => tree.map((c) => encoding.columns[c]!.parameter.name));
    expect(names).toEqual([['optimizer', 'momentum', 'nesterov'], ['layers', 'units'], ['rate']]);
  });

  it('tells no two points apart by a parameter that neither has', () => {
    const one = { optimizer: 'adam', layers: 1, rate: 0.1 };
    expect(encoding.encode(one)).toEqual(
      encoding.settle(encoding.encode({ ...one, momentum: 0.3 }), new Float64Array(6)),
    );
  });
});

describe.each(shapes)('the kernel of positions %s', (_, shape) => {
  it.each([1, 2, 3, 4])('is positive semidefinite with conditions, choices and points twice (%i)', (seed) => {
    const theta = someTheta(seed, new HyperPrior(shape, plan));
    const { variance } = new Kernel(shape, theta);
    expect(smallestEigenvalue(gram(shape, theta, twice(12)))).toBeGreaterThan(-1e-10 * variance);
  });
});

function evidenceOf(
  seed: number,
  shape: KernelShape,
): {
  evidence: Evidence;
  points: Float64Array[];
  y: Float64Array;
  prior: HyperPrior;
} {
  const points = twice(8);
  const rng = createRng(seed, 0, 'y');
  const y = Float64Array.from(points, () => rng.normal());
  const prior = new HyperPrior(shape, plan);
  return { evidence: new Evidence(shape, columnsOf(points), y, prior), points, y, prior };
}

describe.each(shapes)('the posterior of the hyperparameters, positions %s', (_, shape) => {
  it('is the textbook formula', () => {
    const { evidence, points, y, prior } = evidenceOf(1, shape);
    const theta = someTheta(5, prior);
    const kernel = new Kernel(shape, theta);
    const matrix = gram(shape, theta, points);
    for (const [i, row] of matrix.entries()) row[i] = row[i]! + kernel.noise;
    const { log, x } = solve(matrix, [...y]);
    const fit = x.reduce((sum, a, i) => sum + a * y[i]!, 0);
    const scratch = new Float64Array(thetaLength(shape));
    expect(evidence.at(theta, scratch)).toBeCloseTo(0.5 * fit + 0.5 * log + prior.penalty(theta, scratch), 6);
  });

  it.each([1, 2, 3])('has the gradient that differences give (%i)', (seed) => {
    const { evidence, prior } = evidenceOf(seed, shape);
    const theta = someTheta(seed, prior);
    theta[noiseIndex(shape)] = Math.log(0.05);
    const gradient = new Float64Array(theta.length);
    evidence.at(theta, gradient);
    expectSlopes((values) => evidence.at(values, new Float64Array(theta.length)), theta, gradient);
  });
});

describe.each(shapes)('the acquisition, positions %s', (_, shape) => {
  it.each([1, 2, 3])('has the slopes that differences give, near and far from the data (%i)', (seed) => {
    const { points, y, prior } = evidenceOf(seed, shape);
    const posterior = new Posterior(shape, someTheta(seed, prior));
    for (const point of points) posterior.push(point);
    posterior.setOutputs(y);
    for (const incumbent of [Math.min(...y), Math.min(...y) - 3]) {
      const acquisition = new LogExpectedImprovement(posterior, incumbent);
      const x = Float64Array.of(0, 0.31, 1, 0.4, 0.7, 0.22);
      const slopes = new Float64Array(x.length);
      const value = acquisition.withSlopes(x, slopes);
      expect(acquisition.at(x)).toBeCloseTo(value, 8);
      expectSlopes((values) => acquisition.at(values), x, slopes, [1, 3, 4, 5]);
    }
  });

  it('goes through the data where there is hardly any noise', () => {
    const points = twice(6).filter((_, i) => i % 2 === 0);
    const theta = new HyperPrior(shape, plan).mean.slice();
    theta[noiseIndex(shape)] = Math.log(1e-12);
    const posterior = new Posterior(shape, theta);
    for (const point of points) posterior.push(point);
    const y = Float64Array.from(points, (_, i) => Math.sin(3 * i));
    posterior.setOutputs(y);
    const prediction = createPrediction(6);
    for (const [i, point] of points.entries()) {
      posterior.predict(point, prediction);
      expect(prediction.mean).toBeCloseTo(y[i]!, 3);
      expect(prediction.variance).toBeLessThan(1e-5);
    }
  });
});

function expectSlopes(
  f: (x: Float64Array) => number,
  at: Float64Array,
  slopes: Float64Array,
  columns: readonly number[] = [...at.keys()],
): void {
  const step = 1e-5;
  for (const c of columns) {
    const [more, less] = [at.slice(), at.slice()];
    more[c] = at[c]! + step;
    less[c] = at[c]! - step;
    const difference = (f(more) - f(less)) / (2 * step);
    expect(Math.abs(slopes[c]! - difference)).toBeLessThan(1e-4 * Math.max(1, Math.abs(difference)));
  }
}
