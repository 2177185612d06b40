import { type ClassCounts, type ConfusionMatrix, countsByClass } from './confusion-matrix.ts';

/**
 * `positive`: of class 1 alone (two classes). `macro`: the mean over the classes that occur or were predicted. `weighted`:
 * that mean with each class's number of samples as its weight. `micro`: from the sums over all classes.
 */
export type Average = 'positive' | 'macro' | 'micro' | 'weighted';

/** Of the samples that were taken for a class, the share that has it; 0 where none was. */
export function precision(matrix: ConfusionMatrix, average: Average): number {
  return averaged(matrix, average, ({ hits, predicted }) => ratio(hits, predicted));
}

/** Of the samples of a class, the share that was found; 0 where there are none. */
export function recall(matrix: ConfusionMatrix, average: Average): number {
  return averaged(matrix, average, ({ hits, truth }) => ratio(hits, truth));
}

/** Harmonic mean of precision and recall; 0 where both are. */
export function f1(matrix: ConfusionMatrix, average: Average): number {
  return averaged(matrix, average, ({ hits, truth, predicted }) => ratio(2 * hits, truth + predicted));
}

function averaged(matrix: ConfusionMatrix, average: Average, score: (counts: ClassCounts) => number): number {
  if (matrix.unpredicted > 0) return Number.NaN;
  const all = countsByClass(matrix);
  const present = all.filter(({ truth, predicted }) => truth + predicted > 0);
  if (present.length === 0) return Number.NaN;
  switch (average) {
    case 'positive':
      return score(all[1]!);
    case 'macro':
      return sum(present.map(score)) / present.length;
    case 'weighted':
      return (
        sum(present.map((counts) => counts.truth * score(counts))) / sum(present.map(({ truth }) => truth))
      );
    case 'micro':
      return score({
        truth: sum(present.map(({ truth }) => truth)),
        predicted: sum(present.map(({ predicted }) => predicted)),
        hits: sum(present.map(({ hits }) => hits)),
      });
  }
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
