import { describe, expect, it } from 'vitest';
import { createRng } from '../../study/rng.ts';
import RECORDED from './fixtures/updates.json' with { type: 'json' };
import { createGaussian, deviation, type Gaussian, pointAt, updateGaussian } from './gaussian.ts';
import { mirroredNormal } from './mirrored-normal.ts';
import { createStrategy, defaultPopulationSize } from './strategy.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

const isotropic = (dimension: number, sigma: number): Gaussian =>
  createGaussian(new Float64Array(dimension).fill(0.5), sigma, new Float64Array(dimension).fill(sigma));

describe('an update', () => {
  it.each(RECORDED.map((recorded) => [recorded.dimension, recorded] as const))(
    'is that of the reference implementation, generation after generation, in %i dimensions',
    (_, { dimension, populationSize, sigma, rankMuRate, weights, updates }) => {
      expect(populationSize).toBe(defaultPopulationSize(dimension));
      const strategy = {
        ...createStrategy(dimension, populationSize),
        rankMuRate,
        weights: Float64Array.from(weights),
      };
      let state = isotropic(dimension, sigma);
      for (const expected of updates) {
        const points = expected.points.map((point) => Float64Array.from(point));
        state = updateGaussian(state, strategy, points, strategy.weights);
        for (let j = 0; j < dimension; j++) expect(state.mean[j]).toBeCloseTo(expected.mean[j]!, 9);
        expect(state.sigma).toBeCloseTo(expected.sigma, 9);
        for (const [k, value] of expected.covariance.entries())
          expect(state.covariance[k]).toBeCloseTo(value, 8);
      }
    },
  );

  it('is not torn apart by points from far away', () => {
    const strategy = createStrategy(3, 6);
    const state = isotropic(3, 1e-4);
    const far = Array.from({ length: 6 }, (_, i) => Float64Array.from([i % 2, 1, 0]));
    const next = updateGaussian(state, strategy, far, strategy.weights);
    expect(Math.hypot(...next.mean.map((m) => m - 0.5))).toBeLessThan(4e-4);
    expect(next.sigma).toBeLessThan(1e-3);
  });

  it('keeps the covariance matrix positive definite over hundreds of useless generations', () => {
    const strategy = createStrategy(4, 8);
    const rng = createRng(1, 0, 'test');
    let state = isotropic(4, 0.2);
    for (let g = 0; g < 500; g++) {
      // On a line, so that all other directions shrink.
      const points = Array.from({ length: 8 }, () => new Float64Array(4).fill(rng.next()));
      state = updateGaussian(state, strategy, points, strategy.weights);
      expect(Math.min(...state.eigen.values)).toBeGreaterThan(0);
      expect(Number.isFinite(deviation(state, 0))).toBe(true);
    }
  });
});

describe('the constants of the strategy', () => {
  it.each(RECORDED.map((recorded) => [recorded.dimension, recorded] as const))(
    'give the positive weights of the reference implementation in %i dimensions',
    (_, { dimension, populationSize, weights }) => {
      const ours = createStrategy(dimension, populationSize).weights;
      for (const [i, weight] of weights.entries()) {
        if (weight > 0) expect(ours[i]).toBeCloseTo(weight, 12);
        else expect(ours[i]).toBeLessThanOrEqual(0);
      }
    },
  );

  it('leave something of the covariance matrix whatever the negative weights take', () => {
    for (const dimension of [1, 2, 5, 20, 60]) {
      for (const size of [2, 3, 4, defaultPopulationSize(dimension), 100]) {
        const { weights, rankOneRate, rankMuRate } = createStrategy(dimension, size);
        const negative = weights.reduce((sum, w) => sum + Math.min(0, w), 0);
        // Equation 53: at worst the negative part takes n c_mu |sum| of what is left.
        expect(1 - rankOneRate - rankMuRate + dimension * rankMuRate * negative).toBeGreaterThan(-1e-12);
        expect(rankOneRate + rankMuRate).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe('a point of the distribution', () => {
  it('has its covariance', () => {
    const strategy = createStrategy(3, 7);
    let state = isotropic(3, 0.2);
    for (const { points } of RECORDED[0]!.updates.slice(0, 5))
      state = updateGaussian(
        state,
        strategy,
        points.map((point) => Float64Array.from(point)),
        strategy.weights,
      );
    // The images of the unit vectors give back C = Σ a aᵀ exactly.
    const images = [0, 1, 2].map((k) =>
      pointAt(
        state,
        Float64Array.from([0, 1, 2], (j) => Number(j === k)),
      ).map((x, j) => (x - state.mean[j]!) / state.sigma),
    );
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const product = images.reduce((sum, image) => sum + image[i]! * image[j]!, 0);
        expect(product).toBeCloseTo(state.covariance[3 * i + j]!, 12);
      }
    }
  });
});

describe('the normal vectors of a generation', () => {
  it.each([
    [3, 6],
    [5, 8],
    [2, 9],
    [1, 4],
  ])('are opposite pairs at right angles, in %i dimensions and with %i trials', (dimension, size) => {
    const vectors = Array.from({ length: size }, (_, i) => mirroredNormal(7, 4 * size + i, size, dimension));
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, j) => sum + x * b[j]!, 0);
    for (let i = 0; i + 1 < size; i += 2) expect(dot(vectors[i]!, vectors[i + 1]!)).toBeLessThan(0);
    for (let a = 0; a < size; a += 2) {
      for (let b = 0; b < a; b += 2) {
        const isSameGroup = Math.floor(a / 2 / dimension) === Math.floor(b / 2 / dimension);
        if (isSameGroup) expect(dot(vectors[a]!, vectors[b]!)).toBeCloseTo(0, 10);
      }
      if (a + 1 < size)
        for (let j = 0; j < dimension; j++) expect(vectors[a]![j]! + vectors[a + 1]![j]!).toBe(0);
    }
  });

  it('are standard normal', () => {
    const [dimension, size, count] = [3, 7, 21_000];
    const sums = { first: 0, square: 0, fourth: 0, cross: 0 };
    for (let n = 0; n < count; n++) {
      const [x, y] = mirroredNormal(1, n, size, dimension) as unknown as [number, number];
      sums.first += x / count;
      sums.square += x ** 2 / count;
      sums.fourth += x ** 4 / count;
      sums.cross += (x * y) / count;
    }
    expect(sums.first).toBeCloseTo(0, 1);
    expect(Math.abs(sums.square - 1)).toBeLessThan(0.04);
    expect(Math.abs(sums.fourth - 3)).toBeLessThan(0.3);
    expect(Math.abs(sums.cross)).toBeLessThan(0.04);
  });
});

describe('the eigenvalues of a symmetric matrix', () => {
  it('are known for 2 × 2, and with their vectors give the matrix back for any size', () => {
    const { values } = symmetricEigen(Float64Array.from([2, 1, 1, 2]), 2);
    expect([...values].sort()).toEqual([expect.closeTo(1, 14), expect.closeTo(3, 14)]);
    const rng = createRng(2, 0, 'test');
    for (const n of [1, 2, 5, 12, 30]) {
      const matrix = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = rng.normal() * 10 ** rng.int(4);
      }
      const { values: lambda, vectors } = symmetricEigen(matrix, n);
      const size = Math.max(...matrix.map(Math.abs));
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          let [product, unit] = [0, 0];
          for (let k = 0; k < n; k++) {
            product += vectors[i * n + k]! * lambda[k]! * vectors[j * n + k]!;
            unit += vectors[i * n + k]! * vectors[j * n + k]!;
          }
          expect(Math.abs(product - matrix[i * n + j]!)).toBeLessThan(1e-12 * size * n);
          expect(unit).toBeCloseTo(Number(i === j), 12);
        }
      }
    }
  });
});
