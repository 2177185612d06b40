import { type ConfusionMatrix, countsByClass } from './confusion-matrix.ts';

/**
 * Correlation of truth and prediction, -1 to 1; 0 for a model that always says the same, and where all samples are of one
 * class. J. Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient", 2004, eq. 8.
 */
export function matthewsCorrelation(matrix: ConfusionMatrix): number {
  if (matrix.unpredicted > 0) return Number.NaN;
  let samples = 0;
  let hits = 0;
  let products = 0;
  let truths = 0;
  let predictions = 0;
  for (const counts of countsByClass(matrix)) {
    samples += counts.truth;
    hits += counts.hits;
    products += counts.truth * counts.predicted;
    truths += counts.truth ** 2;
    predictions += counts.predicted ** 2;
  }
  if (samples === 0) return Number.NaN;
  const spread = (samples ** 2 - truths) * (samples ** 2 - predictions);
  return spread === 0 ? 0 : (hits * samples - products) / Math.sqrt(spread);
}
