/** Scores of predictions as pure functions (`@tfsweep/worker/metrics`): no TensorFlow.js, no Node API. */
export { accuracy, topKAccuracy } from './accuracy.ts';
export { balancedAccuracy } from './balanced-accuracy.ts';
export { type CalibrationBin, calibrationCurve, calibrationError } from './calibration.ts';
export { type ConfusionMatrix, confusionMatrix } from './confusion-matrix.ts';
export { binaryLogLoss, logLoss } from './log-loss.ts';
export { matthewsCorrelation } from './matthews-correlation.ts';
export {
  averagePrecision,
  multiclassAveragePrecision,
  type PrecisionRecallCurve,
  precisionRecallCurve,
} from './precision-recall-curve.ts';
export { type Average, f1, precision, recall } from './precision-recall-f1.ts';
export { aboveThreshold, mostProbable } from './predicted-classes.ts';
export { r2 } from './r2.ts';
export {
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  rootMeanSquaredError,
} from './regression-errors.ts';
export { multiclassRocAuc, type RocCurve, rocAuc, rocCurve } from './roc.ts';
export { MetricInputError, type Numbers } from './samples.ts';
