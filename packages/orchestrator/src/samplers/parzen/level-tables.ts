import type { Arena } from './arena.ts';
import type { Column } from './tree.ts';

/** Bandwidths are not below the range over this. */
const MOST_BINS = 100;
/** The least bandwidth, in steps between levels: narrower, and a level would know nothing of its neighbours. */
const LEAST_STEPS = 0.5;

/**
 * log densities, relative to the distribution, of a level (fast index) under a kernel that has seen another; a last row
 * of zeros is for kernels that have seen none.
 * @param codes the levels that were observed, NaN where there was none.
 */
export function levelTable(column: Column, codes: Float64Array, arena: Arena): Float64Array {
  const table = arena.floats((column.levels + 1) * column.levels);
  let count = 0;
  for (let k = 0; k < codes.length; k++) if (!Number.isNaN(codes[k]!)) count++;
  if (column.centres === null) fillUnordered(table, column, count);
  else fillOrdered(table, column, column.centres, bandwidth(codes, column.centres, count));
  return table;
}

/**
 * The distribution's own probabilities with a weight on the choice that was seen. Uniform probabilities give Optuna's
 * kernels: (1/K + [seen]) normalised, the 1/K fading with the number of observations.
 */
function fillUnordered(table: Float64Array, { levels, masses }: Column, count: number): void {
  const bonus = 1 / (1 + levels / (count + 1));
  for (let level = 0; level < levels; level++) {
    const mass = masses[level]!;
    // What the distribution never yields is never asked about.
    const [hit, miss] = mass > 0 ? [Math.log(bonus / mass + 1 - bonus), Math.log(1 - bonus)] : [0, 0];
    for (let seen = 0; seen < levels; seen++) table[seen * levels + level] = seen === level ? hit : miss;
  }
}

/** Normal distributions over the places of the levels, all of one bandwidth. */
function fillOrdered(
  table: Float64Array,
  { levels, masses }: Column,
  centres: Float64Array,
  width: number,
): void {
  const sharpness = 0.5 / (width * width);
  for (let from = 0; from < levels; from++) {
    let sum = 0;
    for (let to = 0; to < levels; to++) {
      const off = centres[to]! - centres[from]!;
      const log = -sharpness * off * off;
      table[from * levels + to] = log;
      sum += masses[to]! * Math.exp(log);
    }
    const logSum = Math.log(sum);
    for (let to = 0; to < levels; to++) table[from * levels + to]! -= logSum;
  }
}

/**
 * 0.7 σ n^(-1/4), narrower than D. W. Scott's rule, which is for densities with one peak, and within limits. One more
 * observation with the variance of the uniform distribution keeps σ above 0.
 */
function bandwidth(codes: Float64Array, centres: Float64Array, count: number): number {
  let mean = 0;
  for (let k = 0; k < codes.length; k++) if (!Number.isNaN(codes[k]!)) mean += centres[codes[k]!]! / count;
  let squares = 1 / 12;
  for (let k = 0; k < codes.length; k++)
    if (!Number.isNaN(codes[k]!)) squares += (centres[codes[k]!]! - mean) ** 2;
  const ruled = 0.7 * Math.sqrt(squares / (count + 1)) * (count + 1) ** -0.25;
  return Math.max(ruled, 1 / Math.min(MOST_BINS, count + 2), LEAST_STEPS / centres.length);
}
