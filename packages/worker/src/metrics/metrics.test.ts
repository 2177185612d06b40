import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as m from './index.ts';

/** Made with scikit-learn by fixtures/make_metrics.py. */
interface Scored {
  readonly name: string;
  readonly truth: number[];
  readonly scores: Record<string, number | string>;
}
interface Classified extends Scored {
  readonly probabilities: number[];
  readonly confusion: number[];
}
interface Curves {
  readonly roc?: Record<'thresholds' | 'fpr' | 'tpr', Array<number | string>>;
  readonly pr?: Record<'thresholds' | 'precision' | 'recall', number[]>;
  readonly calibration?: Record<'accuracy' | 'confidence', number[]>;
}
interface Fixture {
  readonly multiclass: Array<Classified & { classes: number }>;
  readonly binary: Array<Classified & Curves>;
  readonly regression: Array<Scored & { predicted: number[] }>;
}
const fixture: Fixture = JSON.parse(
  readFileSync(new URL('./fixtures/metrics.json', import.meta.url), 'utf8'),
);

const NUMBERS = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
]);
const read = (value: number | string): number =>
  typeof value === 'number' ? value : (NUMBERS.get(value) ?? Number.NaN);

function expectNumbers(actual: ArrayLike<number>, expected: ReadonlyArray<number | string>): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expectNumber(actual[i]!, value, `entry ${i}`);
  });
}

function expectNumber(actual: number, text: number | string, what: string): void {
  const expected = read(text);
  if (Number.isFinite(expected)) {
    expect(Math.abs(actual - expected), `${what}: ${actual} for ${expected}`).toBeLessThanOrEqual(
      1e-12 * Math.max(1, Math.abs(expected)),
    );
  } else expect(actual, what).toBe(expected);
}

function averaged(matrix: m.ConfusionMatrix, averages: readonly m.Average[]): Record<string, number> {
  return Object.fromEntries(
    averages.flatMap((average) => [
      [`precision_${average}`, m.precision(matrix, average)],
      [`recall_${average}`, m.recall(matrix, average)],
      [`f1_${average}`, m.f1(matrix, average)],
    ]),
  );
}

function multiclassScores(truth: number[], probabilities: number[], classes: number): Record<string, number> {
  const predicted = m.mostProbable(probabilities, classes);
  const matrix = m.confusionMatrix(truth, predicted, classes);
  return {
    accuracy: m.accuracy(truth, predicted),
    balanced_accuracy: m.balancedAccuracy(matrix),
    mcc: m.matthewsCorrelation(matrix),
    log_loss: m.logLoss(truth, probabilities, classes),
    auc: m.multiclassRocAuc(truth, probabilities, classes),
    average_precision: m.multiclassAveragePrecision(truth, probabilities, classes),
    ece: m.calibrationError(truth, probabilities, classes),
    ece_5: m.calibrationError(truth, probabilities, classes, 5),
    top_2: m.topKAccuracy(truth, probabilities, classes, 2),
    top_3: m.topKAccuracy(truth, probabilities, classes, 3),
    ...averaged(matrix, ['macro', 'micro', 'weighted']),
  };
}

function binaryScores(truth: number[], probabilities: number[]): Record<string, number> {
  const predicted = m.aboveThreshold(probabilities);
  const matrix = m.confusionMatrix(truth, predicted, 2);
  return {
    accuracy: m.accuracy(truth, predicted),
    balanced_accuracy: m.balancedAccuracy(matrix),
    mcc: m.matthewsCorrelation(matrix),
    log_loss: m.binaryLogLoss(truth, probabilities),
    auc: m.rocAuc(truth, probabilities),
    average_precision: m.averagePrecision(truth, probabilities),
    ...averaged(matrix, ['macro', 'micro', 'weighted', 'positive']),
  };
}

function regressionScores(truth: number[], predicted: number[]): Record<string, number> {
  return {
    mse: m.meanSquaredError(truth, predicted),
    rmse: m.rootMeanSquaredError(truth, predicted),
    mae: m.meanAbsoluteError(truth, predicted),
    mape: m.meanAbsolutePercentageError(truth, predicted),
    r2: m.r2(truth, predicted),
  };
}

function expectScores(actual: Record<string, number>, expected: Record<string, number | string>): void {
  for (const [name, value] of Object.entries(expected)) expectNumber(actual[name]!, value, name);
}

describe("scores equal scikit-learn's", () => {
  it.each(fixture.multiclass.map((one) => [one.name, one] as const))('of several classes: %s', (_, one) => {
    expectScores(multiclassScores(one.truth, one.probabilities, one.classes), one.scores);
    const predicted = m.mostProbable(one.probabilities, one.classes);
    expect([...m.confusionMatrix(one.truth, predicted, one.classes).counts]).toEqual(one.confusion);
  });

  it.each(fixture.binary.map((one) => [one.name, one] as const))('of two classes: %s', (_, one) => {
    expectScores(binaryScores(one.truth, one.probabilities), one.scores);
    const predicted = m.aboveThreshold(one.probabilities);
    expect([...m.confusionMatrix(one.truth, predicted, 2).counts]).toEqual(one.confusion);
  });

  it.each(fixture.regression.map((one) => [one.name, one] as const))('of a regression: %s', (_, one) => {
    expectScores(regressionScores(one.truth, one.predicted), one.scores);
  });

  it.each(fixture.binary.filter(({ roc }) => roc !== undefined).map((one) => [one.name, one] as const))(
    'point by point on the curves: %s',
    (_, { truth, probabilities, roc, pr, calibration }) => {
      const rocCurve = m.rocCurve(truth, probabilities);
      expectNumbers(rocCurve.thresholds, roc!.thresholds);
      expectNumbers(rocCurve.falsePositiveRate, roc!.fpr);
      expectNumbers(rocCurve.truePositiveRate, roc!.tpr);
      const prCurve = m.precisionRecallCurve(truth, probabilities);
      expectNumbers(prCurve.thresholds, pr!.thresholds);
      expectNumbers(prCurve.precision, pr!.precision);
      expectNumbers(prCurve.recall, pr!.recall);
      const bins = m.calibrationCurve(truth, probabilities, 10);
      expectNumbers(
        bins.map(({ accuracy }) => accuracy),
        calibration!.accuracy,
      );
      expectNumbers(
        bins.map(({ confidence }) => confidence),
        calibration!.confidence,
      );
    },
  );
});

it('is NaN in every score of predictions with a NaN, and of no samples at all', () => {
  const withNaN = [0.2, 0.3, 0.5, Number.NaN, 0.1, 0.2];
  for (const [truth, probabilities] of [
    [[2, 0], withNaN],
    [[], []],
  ] as const) {
    const scores = multiclassScores([...truth], [...probabilities], 3);
    expect(Object.values(scores).every(Number.isNaN), JSON.stringify(scores)).toBe(true);
  }
  for (const [truth, predicted] of [
    [
      [1, 0],
      [Number.NaN, 0.2],
    ],
    [[], []],
  ] as const) {
    const scores = {
      ...binaryScores([...truth], [...predicted]),
      ...regressionScores([...truth], [...predicted]),
    };
    expect(Object.values(scores).every(Number.isNaN), JSON.stringify(scores)).toBe(true);
  }
  expect(m.confusionMatrix([1, 0], [Number.NaN, 0], 2)).toMatchObject({ unpredicted: 1 });
});

it('says which lengths do not fit, and which sample has a class that there is not', () => {
  expect(() => m.accuracy([1, 0], [1])).toThrow('2 samples need 2 predictions (1 each), got 1.');
  expect(() => m.logLoss([1, 0], [1, 0, 0], 3)).toThrow('2 samples need 6 predictions (3 each), got 3.');
  expect(() => m.confusionMatrix([1, 3], [1, 0], 3)).toThrow(
    'Sample 1 has class 3; there are 3, counted from 0.',
  );
});

it('takes as many samples as a large validation part has', () => {
  const truth = Uint8Array.from({ length: 300_000 }, (_, i) => Number(i % 3 === 0));
  const scores = Float64Array.from(truth, (label, i) => label + (i % 1000) / 1000);
  expect(m.rocAuc(truth, scores)).toBe(1);
  expect(m.rocCurve(truth, scores).thresholds.length).toBeGreaterThan(1000);
});
