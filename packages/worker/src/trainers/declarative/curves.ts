import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Curve } from '@tfsweep/orchestrator/protocol';
import * as m from '../../metrics/index.ts';
import { type ClassificationView, classificationView, type ScoredPart } from './scores.ts';

/** Writes `<name>.json`, of the validation part, below `folder`. */
export async function writeCurves(
  names: readonly Curve[],
  part: ScoredPart,
  classNames: readonly string[],
  folder: string,
): Promise<void> {
  if (names.length === 0) return;
  const view = classificationView(part);
  for (const name of names) {
    const content = { part: 'validation', classes: classNames, ...curve(name, view) };
    await writeFile(join(folder, `${name}.json`), `${JSON.stringify(content)}\n`);
  }
}

function curve(name: Curve, { truths, probabilities, matrix, classes }: ClassificationView): object {
  switch (name) {
    case 'confusion_matrix':
      return {
        rows: 'truth',
        columns: 'predicted',
        counts: Array.from({ length: classes }, (_, row) =>
          Array.from(matrix.counts.subarray(row * classes, (row + 1) * classes)),
        ),
        unpredicted: matrix.unpredicted,
      };
    case 'roc_curve': {
      const { thresholds, falsePositiveRate, truePositiveRate } = m.rocCurve(truths, probabilities);
      return {
        // The first threshold is infinite, which JSON has no word for.
        thresholds: [null, ...thresholds.subarray(1)],
        false_positive_rate: [...falsePositiveRate],
        true_positive_rate: [...truePositiveRate],
        auc: m.rocAuc(truths, probabilities),
      };
    }
    case 'pr_curve': {
      const { thresholds, precision, recall } = m.precisionRecallCurve(truths, probabilities);
      return {
        thresholds: [...thresholds],
        precision: [...precision],
        recall: [...recall],
        average_precision: m.averagePrecision(truths, probabilities),
      };
    }
    case 'calibration_curve':
      return { bins: m.calibrationCurve(truths, probabilities) };
  }
}
