import { expect, it } from 'vitest';
import type { ReportView } from '../wire.ts';
import { groupCurves } from './curves.ts';

it('puts training and validation form of a metric together, the sweep’s own metric first', () => {
  const reports: ReportView[] = [
    { attempt: 1, step: 1, values: { loss: 3, val_loss: 4, val_accuracy: 0.5 } },
    { attempt: 1, step: 2, values: { loss: 2, val_accuracy: 0.6 } },
  ];
  expect(groupCurves(reports, 'val_accuracy')).toEqual([
    { title: 'accuracy', names: ['val_accuracy'], steps: [1, 2], values: [[0.5, 0.6]] },
    {
      title: 'loss',
      names: ['val_loss', 'loss'],
      steps: [1, 2],
      values: [
        [4, null],
        [3, 2],
      ],
    },
  ]);
});

it('shows a step that two attempts reported as the later one has it', () => {
  const reports: ReportView[] = [
    { attempt: 1, step: 1, values: { loss: 3 } },
    { attempt: 1, step: 2, values: { loss: 'NaN' } },
    { attempt: 2, step: 1, values: { loss: 5 } },
  ];
  expect(groupCurves(reports, 'loss')).toMatchObject([{ steps: [1, 2], values: [[5, null]] }]);
});

it('has no group for a metric that was never reported', () => {
  expect(groupCurves([], 'loss')).toEqual([]);
});
