import { normalCdf } from '../../space/normal.ts';
import type { Grid } from './parzen-grid.ts';

/** Narrow enough that 90 % of a kernel lies in the cell of its own grid point. */
const SMALLEST_SIGMA = 0.5 / 1.64;

/**
 * A Parzen estimator on the grid: one kernel per grid point that was observed, weighted by how often, and one for the
 * prior that weighs as much as a single observation. Sums to 1.
 * @param counts at least one of them above 0
 */
export function densityOnGrid(grid: Grid, counts: Float64Array): Float64Array {
  return grid.kind === 'choices' ? densityOfChoices(counts) : densityOfNumbers(counts);
}

function densityOfChoices(counts: Float64Array): Float64Array {
  const size = counts.length;
  const total = counts.reduce((sum, count) => sum + count, 0) + 1;
  const kernels = counts.filter((count) => count > 0).length + 1;
  // A kernel is its own choice and, spread over all, what the prior is among the kernels.
  const spread = 1 / kernels;
  const height = 1 + size * spread;
  const everywhere = ((total - 1) / total) * (spread / height) + 1 / total / size;
  return counts.map((count) => count / total / height + everywhere);
}

function densityOfNumbers(counts: Float64Array): Float64Array {
  const size = counts.length;
  const observed = Array.from(counts.keys()).filter((index) => counts[index]! > 0);
  const weights = observed.map((index) => counts[index]!);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const sigma = bandwidth(observed, weights, total);
  const density = new Float64Array(size);
  for (const [k, index] of observed.entries()) addKernel(density, index, sigma, weights[k]! / (total + 1));
  addKernel(density, (size - 1) / 2, size, 1 / (total + 1));
  return density;
}

/** Scott's rule with the interquartile range (Scott 1992), over weighted grid points. */
function bandwidth(observed: readonly number[], weights: readonly number[], total: number): number {
  const mean = observed.reduce((sum, index, k) => sum + weights[k]! * index, 0) / total;
  const squares = observed.reduce((sum, index, k) => sum + weights[k]! * (index - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, total - 1));
  let running = 0;
  const cumulated = weights.map((weight) => (running += weight));
  const q1 = cumulated.findIndex((sum) => sum >= Math.floor(total / 4));
  const q3 = cumulated.findIndex((sum) => sum > Math.floor((total * 3) / 4));
  const range = observed.at(q3)! - observed[q1]!;
  return Math.max(SMALLEST_SIGMA, 1.059 * Math.min(range / 1.34, deviation) * total ** -0.2);
}

/** A normal kernel whose mass lies within the grid, by cells of one around each point. */
function addKernel(density: Float64Array, mean: number, sigma: number, weight: number): void {
  const size = density.length;
  const mass = (from: number, to: number): number => {
    const [a, b] = [(from - mean) / sigma, (to - mean) / sigma];
    // In the lower tail the probabilities are small numbers and keep their digits.
    return a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a);
  };
  const whole = mass(-0.5, size - 0.5);
  for (let index = 0; index < size; index++)
    density[index]! += (weight * mass(index - 0.5, index + 0.5)) / whole;
}
