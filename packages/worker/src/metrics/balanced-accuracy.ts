import { type ConfusionMatrix, countsByClass } from './confusion-matrix.ts';
import { mean } from './samples.ts';

/** Mean of the shares of each class that were found (recall), over the classes that occur: rare ones count as much. */
export function balancedAccuracy(matrix: ConfusionMatrix): number {
  if (matrix.unpredicted > 0) return Number.NaN;
  const present = countsByClass(matrix).filter(({ truth }) => truth > 0);
  return mean(present.map(({ truth, hits }) => hits / truth));
}
