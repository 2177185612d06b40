import type { ClassificationScore, RegressionScore } from '@tfsweep/orchestrator/protocol';
import * as m from '../../metrics/index.ts';

/** What a score is computed from. Predictions of a binary task are the probability of class 1, one per sample. */
export interface ScoredPart {
  readonly task: 'multiclass' | 'binary' | 'regression';
  /** Numbers per sample in `predictions`. */
  readonly outputs: number;
  readonly truths: Float64Array;
  readonly predictions: ArrayLike<number>;
}

/** The values of several scores, by name; what they share is computed once. */
export function computeScores(
  names: ReadonlyArray<ClassificationScore | RegressionScore>,
  part: ScoredPart,
): Record<string, number> {
  if (part.task === 'regression') {
    return Object.fromEntries(
      names.map((name) => [name, REGRESSION[name as RegressionScore](part.truths, part.predictions)]),
    );
  }
  const view = classificationView(part);
  return Object.fromEntries(
    names.map((name) => [name, classificationScore(name as ClassificationScore, view)]),
  );
}

const REGRESSION: Record<RegressionScore, (truths: m.Numbers, predictions: m.Numbers) => number> = {
  mse: m.meanSquaredError,
  rmse: m.rootMeanSquaredError,
  mae: m.meanAbsoluteError,
  r2: m.r2,
  mape: m.meanAbsolutePercentageError,
};

export interface ClassificationView {
  readonly isBinary: boolean;
  readonly classes: number;
  readonly truths: Float64Array;
  /** Of class 1 alone where there are two classes, else of all of them, row after row. */
  readonly probabilities: ArrayLike<number>;
  readonly matrix: m.ConfusionMatrix;
  readonly predicted: Float64Array;
}

export function classificationView(part: ScoredPart): ClassificationView {
  const isBinary = part.task === 'binary';
  const classes = isBinary ? 2 : part.outputs;
  const predicted = isBinary ? m.aboveThreshold(part.predictions) : m.mostProbable(part.predictions, classes);
  return {
    isBinary,
    classes,
    truths: part.truths,
    probabilities: part.predictions,
    matrix: m.confusionMatrix(part.truths, predicted, classes),
    predicted,
  };
}

function classificationScore(name: ClassificationScore, view: ClassificationView): number {
  const { isBinary, classes, truths, probabilities, matrix } = view;
  const average: m.Average = isBinary ? 'positive' : 'macro';
  switch (name) {
    case 'accuracy':
      return m.accuracy(truths, view.predicted);
    case 'balanced_accuracy':
      return m.balancedAccuracy(matrix);
    case 'top_2_accuracy':
      return m.topKAccuracy(truths, probabilities, classes, 2);
    case 'top_3_accuracy':
      return m.topKAccuracy(truths, probabilities, classes, 3);
    case 'top_5_accuracy':
      return m.topKAccuracy(truths, probabilities, classes, 5);
    case 'precision':
      return m.precision(matrix, average);
    case 'recall':
      return m.recall(matrix, average);
    case 'f1':
      return m.f1(matrix, average);
    case 'precision_macro':
      return m.precision(matrix, 'macro');
    case 'precision_micro':
      return m.precision(matrix, 'micro');
    case 'precision_weighted':
      return m.precision(matrix, 'weighted');
    case 'recall_macro':
      return m.recall(matrix, 'macro');
    case 'recall_micro':
      return m.recall(matrix, 'micro');
    case 'recall_weighted':
      return m.recall(matrix, 'weighted');
    case 'f1_macro':
      return m.f1(matrix, 'macro');
    case 'f1_micro':
      return m.f1(matrix, 'micro');
    case 'f1_weighted':
      return m.f1(matrix, 'weighted');
    case 'mcc':
      return m.matthewsCorrelation(matrix);
    case 'log_loss':
      return isBinary ? m.binaryLogLoss(truths, probabilities) : m.logLoss(truths, probabilities, classes);
    case 'auc':
      return isBinary ? m.rocAuc(truths, probabilities) : m.multiclassRocAuc(truths, probabilities, classes);
    case 'average_precision':
      return isBinary
        ? m.averagePrecision(truths, probabilities)
        : m.multiclassAveragePrecision(truths, probabilities, classes);
    case 'ece':
      return m.calibrationError(truths, isBinary ? bothClasses(probabilities) : probabilities, classes);
  }
}

function bothClasses(probabilities: ArrayLike<number>): Float64Array {
  const rows = new Float64Array(2 * probabilities.length);
  for (let i = 0; i < probabilities.length; i++) {
    rows[2 * i] = 1 - probabilities[i]!;
    rows[2 * i + 1] = probabilities[i]!;
  }
  return rows;
}
