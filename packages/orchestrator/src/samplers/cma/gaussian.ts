import type { Rng } from '../../study/rng.ts';
import type { Strategy } from './strategy.ts';
import { type Eigen, symmetricEigen } from './symmetric-eigen.ts';

/** The normal distribution that CMA-ES adapts. Never changed: an update makes a new one. */
export interface Gaussian {
  readonly mean: Float64Array;
  readonly sigma: number;
  /** Row-major n × n. */
  readonly covariance: Float64Array;
  readonly eigen: Eigen;
  /** Widens single axes for the margin of discrete parameters; 1 on all others (Hamano et al. 2022, matrix A). */
  readonly stretch: Float64Array;
  readonly stepPath: Float64Array;
  readonly path: Float64Array;
  /** Updates so far. */
  readonly generation: number;
}

/** Wider than the unit cube is of no use, and narrower than this is rounding. */
const WIDEST = 1;
const NARROWEST = 1e-14;

/** @param deviations standard deviation of each axis, in all proportion to `sigma`. */
export function createGaussian(mean: Float64Array, sigma: number, deviations: Float64Array): Gaussian {
  const n = mean.length;
  const covariance = new Float64Array(n * n);
  for (let j = 0; j < n; j++) covariance[j * n + j] = (deviations[j]! / sigma) ** 2;
  return {
    mean,
    sigma,
    covariance,
    eigen: symmetricEigen(covariance, n),
    stretch: new Float64Array(n).fill(1),
    stepPath: new Float64Array(n),
    path: new Float64Array(n),
    generation: 0,
  };
}

/** Standard deviation along axis `j`. */
export function deviation({ sigma, covariance, stretch, mean }: Gaussian, j: number): number {
  return sigma * stretch[j]! * Math.sqrt(covariance[j * mean.length + j]!);
}

/** Standard normal numbers, one per axis. */
export function normalVector(dimension: number, rng: Rng): Float64Array {
  return Float64Array.from({ length: dimension }, () => rng.normal());
}

/** The point of the distribution that a standard normal vector stands for. */
export function pointAt({ mean, sigma, eigen, stretch }: Gaussian, normal: Float64Array): Float64Array {
  const n = mean.length;
  const z = normal.map((value, k) => value * Math.sqrt(eigen.values[k]!));
  return mean.map((m, j) => {
    let y = 0;
    for (let k = 0; k < n; k++) y += eigen.vectors[j * n + k]! * z[k]!;
    return m + sigma * stretch[j]! * y;
  });
}

/**
 * One generation (Hansen 2016, figure 6). Points may come from anywhere: steps longer than a normal one hardly ever is
 * are shortened first, so that points of the user, of an earlier distribution and of other hosts can't tear the
 * distribution apart (Hansen 2011, Injecting external solutions into CMA-ES, equations 2 to 4).
 *
 * @param points the generation's positions.
 * @param weights one per point.
 */
export function updateGaussian(
  state: Gaussian,
  strategy: Strategy,
  points: readonly Float64Array[],
  weights: Float64Array,
): Gaussian {
  const { dimension: n, effectiveParents, stepPathRate, pathRate } = strategy;
  const longest = Math.sqrt(n) + (2 * n) / (n + 2);
  const steps = points.map((point) => {
    const y = point.map((x, j) => (x - state.mean[j]!) / (state.sigma * state.stretch[j]!));
    const length = norm(whiten(state.eigen, y));
    const factor = length > longest ? longest / length : 1;
    return { y: y.map((value) => value * factor), length: length * factor };
  });
  const move = new Float64Array(n);
  for (const [i, { y }] of steps.entries()) {
    if (weights[i]! > 0) for (let j = 0; j < n; j++) move[j]! += weights[i]! * y[j]!;
  }
  const mean = state.mean.map((m, j) =>
    Math.min(1, Math.max(0, m + state.sigma * state.stretch[j]! * move[j]!)),
  );
  const whitened = whiten(state.eigen, move);
  const stepGain = Math.sqrt(stepPathRate * (2 - stepPathRate) * effectiveParents);
  const stepPath = state.stepPath.map((p, j) => (1 - stepPathRate) * p + stepGain * whitened[j]!);
  const length = norm(stepPath);
  const expected = Math.sqrt(1 - (1 - stepPathRate) ** (2 * (state.generation + 1)));
  const isShort = length / expected < (1.4 + 2 / (n + 1)) * strategy.normalLength;
  const pathGain = isShort ? Math.sqrt(pathRate * (2 - pathRate) * effectiveParents) : 0;
  const path = state.path.map((p, j) => (1 - pathRate) * p + pathGain * move[j]!);
  const covariance = updateCovariance(state, strategy, steps, weights, path, isShort);
  const eigen = positiveEigen(covariance, n);
  const change = Math.exp((stepPathRate / strategy.stepDamping) * (length / strategy.normalLength - 1));
  const widest = Math.sqrt(eigen.values.reduce((most, value) => Math.max(most, value), 0));
  return {
    mean,
    sigma: Math.max(NARROWEST / widest, Math.min(state.sigma * Math.min(Math.E, change), WIDEST / widest)),
    covariance,
    eigen,
    stretch: state.stretch,
    stepPath,
    path,
    generation: state.generation + 1,
  };
}

interface Step {
  readonly y: Float64Array;
  /** In the metric of the distribution. */
  readonly length: number;
}

function updateCovariance(
  { covariance, mean: { length: n } }: Gaussian,
  { rankOneRate, rankMuRate, pathRate }: Strategy,
  steps: readonly Step[],
  weights: Float64Array,
  path: Float64Array,
  isShort: boolean,
): Float64Array {
  // Negative weights count by length, so that they take the same from every direction (equation 46).
  const scaled = weights.map((w, i) => (w >= 0 ? w : (w * n) / (steps[i]!.length ** 2 + 1e-12)));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const stalled = isShort ? 0 : rankOneRate * pathRate * (2 - pathRate);
  const keep = 1 + stalled - rankOneRate - rankMuRate * total;
  const next = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let k = 0; k <= j; k++) {
      let rankMu = 0;
      for (const [i, { y }] of steps.entries()) rankMu += scaled[i]! * y[j]! * y[k]!;
      const value = keep * covariance[j * n + k]! + rankOneRate * path[j]! * path[k]! + rankMuRate * rankMu;
      next[j * n + k] = value;
      next[k * n + j] = value;
    }
  }
  return next;
}

/** Rounding may leave an eigenvalue at or below 0; the covariance matrix is then lifted by as much. */
function positiveEigen(covariance: Float64Array, n: number): Eigen {
  const eigen = symmetricEigen(covariance, n);
  const largest = eigen.values.reduce((most, value) => Math.max(most, value), 0);
  const floor = 1e-16 * (largest || 1);
  const least = eigen.values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  if (least >= floor) return eigen;
  const lift = floor - least;
  for (let j = 0; j < n; j++) covariance[j * n + j]! += lift;
  return { ...eigen, values: eigen.values.map((value) => value + lift) };
}

/** C^(-1/2) y. */
function whiten({ values, vectors }: Eigen, y: Float64Array): Float64Array {
  const n = y.length;
  const rotated = values.map((value, k) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += vectors[j * n + k]! * y[j]!;
    return sum / Math.sqrt(value);
  });
  return y.map((_, j) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += vectors[j * n + k]! * rotated[k]!;
    return sum;
  });
}

function norm(y: Float64Array): number {
  let sum = 0;
  for (const value of y) sum += value * value;
  return Math.sqrt(sum);
}
