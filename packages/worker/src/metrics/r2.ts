import { meanSquaredError } from './regression-errors.ts';
import { mean, type Numbers } from './samples.ts';

/**
 * Coefficient of determination: the share of the variance that is explained; 1 is perfect, 0 is as good as the mean, and
 * it may be negative. Where the truth never varies: 1 if predicted exactly, else 0. NaN for fewer than two samples.
 */
export function r2(truth: Numbers, predicted: Numbers): number {
  const residual = meanSquaredError(truth, predicted);
  if (truth.length < 2 || Number.isNaN(residual)) return Number.NaN;
  const centre = mean(truth);
  const variance = mean(Float64Array.from(truth, (y) => (y - centre) ** 2));
  if (variance > 0) return 1 - residual / variance;
  return residual === 0 ? 1 : 0;
}
