import { checkPaired, MetricInputError, type Numbers } from './samples.ts';

/** How often each class (row) was taken for each class (column). */
export interface ConfusionMatrix {
  readonly classes: number;
  /** Row after row: `counts[truth * classes + predicted]`. */
  readonly counts: Float64Array;
  /** Samples whose prediction is NaN: they stand in no cell. */
  readonly unpredicted: number;
}

/** @throws MetricInputError for a class that is not a whole number below `classes` */
export function confusionMatrix(truth: Numbers, predicted: Numbers, classes: number): ConfusionMatrix {
  checkPaired(truth, predicted);
  const counts = new Float64Array(classes * classes);
  let unpredicted = 0;
  for (let i = 0; i < truth.length; i++) {
    const row = truth[i]!;
    const column = predicted[i]!;
    if (Number.isNaN(column)) {
      unpredicted += 1;
      continue;
    }
    for (const value of [row, column]) {
      if (!(Number.isInteger(value) && value >= 0 && value < classes)) {
        throw new MetricInputError(`Sample ${i} has class ${value}; there are ${classes}, counted from 0.`);
      }
    }
    counts[row * classes + column]! += 1;
  }
  return { classes, counts, unpredicted };
}

/** Of one class: samples that have it, that were taken for it, and both. */
export interface ClassCounts {
  readonly truth: number;
  readonly predicted: number;
  readonly hits: number;
}

export function countsByClass({ classes, counts }: ConfusionMatrix): ClassCounts[] {
  return Array.from({ length: classes }, (_, c) => {
    let truth = 0;
    let predicted = 0;
    for (let other = 0; other < classes; other++) {
      truth += counts[c * classes + other]!;
      predicted += counts[other * classes + c]!;
    }
    return { truth, predicted, hits: counts[c * classes + c]! };
  });
}
