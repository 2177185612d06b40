import type { Column } from './tree.ts';

/** Bandwidths are not below the range over this. */
const MOST_BINS = 100;
/** The least bandwidth, in steps between levels: narrower, and a level would know nothing of its neighbours. */
const LEAST_STEPS = 0.5;

/**
 * log densities, relative to the distribution, of a level (fast index) under a kernel that has seen another.
 * @param codes the levels that were observed, NaN where there was none.
 */
export function levelTable(column: Column, codes: Float64Array): Float64Array {
  const seen = codes.filter((code) => !Number.isNaN(code));
  return column.centres === null
    ? choiceTable(column, seen.length)
    : orderedTable(column, column.centres, seen);
}

/**
 * The distribution's own probabilities with a weight on the choice that was seen. Uniform probabilities give Optuna's
 * kernels: (1/K + [seen]) normalised, the 1/K fading with the number of observations.
 */
function choiceTable({ levels, masses }: Column, count: number): Float64Array {
  const bonus = 1 / (1 + levels / (count + 1));
  const table = new Float64Array(levels * levels);
  for (let seen = 0; seen < levels; seen++) {
    for (let level = 0; level < levels; level++) {
      const mass = masses[level]!;
      const density = mass > 0 ? ((level === seen ? bonus : 0) + (1 - bonus) * mass) / mass : 1;
      table[seen * levels + level] = Math.log(density);
    }
  }
  return table;
}

/** Normal distributions over the places of the levels, of one bandwidth: narrower than D. W. Scott's rule, which is for densities with one peak, and within limits. */
function orderedTable({ levels, masses }: Column, centres: Float64Array, seen: Float64Array): Float64Array {
  const width = Math.max(
    scottWidth(seen.map((level) => centres[level]!)),
    1 / Math.min(MOST_BINS, seen.length + 2),
    LEAST_STEPS / levels,
  );
  const table = new Float64Array(levels * levels);
  for (let from = 0; from < levels; from++) {
    let sum = 0;
    for (let to = 0; to < levels; to++) {
      const z = (centres[to]! - centres[from]!) / width;
      sum += masses[to]! * Math.exp(-0.5 * z * z);
    }
    for (let to = 0; to < levels; to++) {
      const z = (centres[to]! - centres[from]!) / width;
      table[from * levels + to] = -0.5 * z * z - Math.log(sum);
    }
  }
  return table;
}

/** 0.7 σ n^(-1/4), where one more observation with the variance of the uniform distribution keeps σ above 0. */
function scottWidth(positions: Float64Array): number {
  const count = positions.length;
  let mean = 0;
  for (const position of positions) mean += position / count;
  let squares = 1 / 12;
  for (const position of positions) squares += (position - mean) ** 2;
  return 0.7 * Math.sqrt(squares / (count + 1)) * (count + 1) ** -0.25;
}
