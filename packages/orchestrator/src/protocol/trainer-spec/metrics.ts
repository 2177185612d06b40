import { z } from 'zod';

/** What a declarative trainer can measure. A score is reported after each epoch, as `NAME` and `val_NAME`. */
const AVERAGED = ['precision', 'recall', 'f1'] as const;
const withAverages = AVERAGED.flatMap(
  (name) => [name, `${name}_macro`, `${name}_micro`, `${name}_weighted`] as const,
);

export const CLASSIFICATION_SCORES = [
  'accuracy',
  'balanced_accuracy',
  'top_2_accuracy',
  'top_3_accuracy',
  'top_5_accuracy',
  ...withAverages,
  'mcc',
  'log_loss',
  'auc',
  'average_precision',
  'ece',
] as const;
export const REGRESSION_SCORES = ['mse', 'rmse', 'mae', 'r2', 'mape'] as const;
/** Written to a file of the trial's artifacts folder at the end. */
export const CURVES = ['confusion_matrix', 'roc_curve', 'pr_curve', 'calibration_curve'] as const;
/** Measured once, at the end, and returned as they are named. */
export const MODEL_COSTS = ['model_bytes', 'latency_ms'] as const;

export type ClassificationScore = (typeof CLASSIFICATION_SCORES)[number];
export type RegressionScore = (typeof REGRESSION_SCORES)[number];
export type Curve = (typeof CURVES)[number];
export type ModelCost = (typeof MODEL_COSTS)[number];
export type TrainerMetric = ClassificationScore | RegressionScore | Curve | ModelCost;

/** What is measured where `metrics` is left out. */
export const DEFAULT_SCORES = {
  multiclass: ['accuracy'],
  binary: ['accuracy'],
  regression: ['mae', 'mse'],
} as const;

export const metricsSchema = z
  .array(z.enum([...CLASSIFICATION_SCORES, ...REGRESSION_SCORES, ...CURVES, ...MODEL_COSTS]))
  .describe(
    'What is measured, beside the loss. A score is reported after each epoch for the training part (`f1`) and for the ' +
      'validation part (`val_f1`). `precision`, `recall` and `f1` alone are of class 1 where there are two classes, else ' +
      '`_macro`. `mse`, `rmse` and `mae` are in the unit of the target. Curves and the confusion matrix go to a file in ' +
      "the trial's artifacts; `model_bytes` and `latency_ms` (one sample, median) are measured at the end. Left out: " +
      '`accuracy`, or `mae` and `mse` in a regression.',
  );

/** Whether a metric is a number for each epoch. */
export function isScore(name: string): boolean {
  return ([...CLASSIFICATION_SCORES, ...REGRESSION_SCORES] as readonly string[]).includes(name);
}

/** Why a metric can't be measured in a task; null where it can. */
export function metricMisfit(metric: TrainerMetric, task: string): string | null {
  const isRegression = task === 'regression';
  if (!isRegression && (REGRESSION_SCORES as readonly string[]).includes(metric)) {
    return `a metric of ${task} such as \`accuracy\`, \`f1\` or \`auc\` (\`${metric}\` is of regressions)`;
  }
  const needsClasses = ([...CLASSIFICATION_SCORES, ...CURVES] as readonly string[]).includes(metric);
  if (isRegression && needsClasses) {
    return `a metric of regressions such as \`mae\`, \`rmse\` or \`r2\` (\`${metric}\` needs classes)`;
  }
  const needsTwo = metric === 'roc_curve' || metric === 'pr_curve' || metric === 'calibration_curve';
  if (task === 'multiclass' && needsTwo) {
    return `a metric of several classes such as \`confusion_matrix\` (\`${metric}\` is of two)`;
  }
  if (task === 'binary' && metric.startsWith('top_')) {
    return `a metric of two classes such as \`accuracy\` (\`${metric}\` is of more)`;
  }
  return null;
}
