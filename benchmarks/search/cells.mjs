import { mean, normalisedRegret, standardError } from '@tfsweep/orchestrator/problems';

/** @typedef {import('./job.mjs').JobResult} JobResult */
/** @typedef {{mean: number, se: number, seeds: number}} Cell */

export const round = (x) => Number(x.toFixed(4));

/** @param {readonly number[]} values @returns {Cell} */
export const cell = (values) => ({
  mean: round(mean(values)),
  se: round(standardError(values)),
  seeds: values.length,
});

/**
 * Regrets at a number of trials; a search that ended earlier keeps its last value.
 * @param {readonly JobResult[]} results
 * @param {number} trials
 * @param {'best' | 'incumbent'} [curve]
 */
export const regretsAt = (results, trials, curve = 'best') =>
  results.map((result) => {
    const values = result[curve];
    // Stored as JSON, an infinite value is null.
    const value = values[Math.min(trials, values.length) - 1] ?? Number.POSITIVE_INFINITY;
    return normalisedRegret(value, result.scale);
  });

/** @template T @param {readonly number[]} checkpoints @param {(trials: number) => T} figure */
export const atEach = (checkpoints, figure) => Object.fromEntries(checkpoints.map((t) => [t, figure(t)]));

/**
 * The unweighted mean over problems. Runs of different problems do not depend on each other, so their squared errors add.
 * @param {readonly number[][]} regrets
 * @returns {Cell}
 */
export function meanOverProblems(regrets) {
  const cells = regrets.map(cell);
  const variance = regrets.reduce((sum, values) => sum + standardError(values) ** 2, 0);
  return {
    mean: round(mean(regrets.map(mean))),
    se: round(Math.sqrt(variance) / regrets.length),
    seeds: Math.min(...cells.map(({ seeds }) => seeds)),
  };
}
