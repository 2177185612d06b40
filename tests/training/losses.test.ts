import { expect, it } from 'vitest';
import { RunnerClient, trainerModule, Workplace } from './runner-client.ts';

/** One in ten is ill, and the two overlap: whoever always says "well" is right nine times out of ten. */
function imbalanced(): string {
  const rows = Array.from({ length: 1500 }, (_, i) => {
    const ill = i % 10 === 0;
    const x = ((i * 61) % 97) / 97 + ((i * 37) % 89) / 89 + (ill ? 0.5 : 0);
    return `${x.toFixed(4)},${ill ? 'ill' : 'well'},${ill ? 9 : 1}`;
  });
  return ['x,state,weight', ...rows, ''].join('\n');
}

const classifier = (
  more: Record<string, unknown>,
  dataset: Record<string, unknown> = { exclude: ['weight'] },
) => ({
  spec: {
    dataset: { csv: 'rows.csv', target: 'state', validation: 0.5, ...dataset },
    model: { type: 'mlp', hidden: [] },
    optimizer: { learning_rate: 0.05 },
    metrics: ['balanced_accuracy', 'ece'],
    ...more,
  },
});

it('finds the rare class with weights from frequencies, with given ones, and with those of the rows', async () => {
  const place = new Workplace();
  place.write('rows.csv', imbalanced());
  const runner = new RunnerClient(place);
  const score = async (trainer: ReturnType<typeof classifier>, params = {}): Promise<number> => {
    const { reports } = await runner.run({ trainer, params, to: 20 });
    return Number(reports.at(-1)?.values.val_balanced_accuracy);
  };
  const plain = await score(classifier({}));
  // What the best boundary reaches: 0.72.
  const least = plain + 0.08;
  expect(plain).toBeLessThan(0.6);
  expect(await score(classifier({ class_weights: '$weights' }), { weights: 'balanced' })).toBeGreaterThan(
    least,
  );
  expect(await score(classifier({ class_weights: { ill: '$ill' } }), { ill: 9 })).toBeGreaterThan(least);
  expect(await score(classifier({}, { sample_weight: 'weight' }))).toBeGreaterThan(least);
  expect(runner.output).toContain('The loss is cross_entropy, as the task is binary.');
  expect(runner.output).toContain('The weights of the classes are ill 9, well 1.');
});

it('makes a model less sure with label smoothing, and less so with the focal loss', async () => {
  const place = new Workplace();
  // Two groups far apart: the certainty of an unsmoothed model grows without end.
  const rows = Array.from(
    { length: 200 },
    (_, i) => `${(i % 2) * 4 + ((i * 7) % 11) / 11},${i % 2 ? 'a' : 'b'}`,
  );
  place.write('rows.csv', ['x,state', ...rows, ''].join('\n'));
  const runner = new RunnerClient(place);
  const error = async (loss: Record<string, unknown>): Promise<number> => {
    const { reports } = await runner.run({
      trainer: classifier({ loss, optimizer: { learning_rate: 0.3 } }, {}),
      to: 12,
    });
    return Number(reports.at(-1)?.values.val_ece);
  };
  const plain = await error({ type: 'cross_entropy' });
  expect(plain).toBeLessThan(0.05);
  // Its optimum gives the right class 0.9, so that it is right more often than it says.
  expect(await error({ type: 'cross_entropy', label_smoothing: 0.2 })).toBeCloseTo(0.1, 1);
  expect(await error({ type: 'focal', gamma: 2 })).toBeGreaterThan(plain);
});

it('learns the mean, the median or a quantile, as the loss says', async () => {
  const place = new Workplace();
  // Skewed: nine in ten are 0 to 9, one is 100.
  const rows = Array.from({ length: 500 }, (_, i) => `1,${i % 10 === 9 ? 100 : i % 10}`);
  place.write('rows.csv', ['x,y', ...rows, ''].join('\n'));
  const runner = new RunnerClient(place);
  const errors = async (loss: Record<string, unknown>): Promise<Record<string, number>> => {
    const { reports } = await runner.run({
      trainer: {
        spec: {
          task: 'regression',
          dataset: { csv: 'rows.csv', target: 'y' },
          model: { type: 'mlp', hidden: [] },
          optimizer: { type: 'adam', learning_rate: 0.02, schedule: { type: 'cosine' } },
          loss,
          metrics: ['mae', 'rmse'],
          epochs: 30,
        },
      },
      to: 30,
    });
    return reports.at(-1)!.values as Record<string, number>;
  };
  const mse = await errors({ type: 'mse' });
  const median = await errors({ type: 'quantile', quantile: 0.5 });
  const mae = await errors({ type: 'mae' });
  // About the median the mean absolute error is least, about the mean the squared one.
  expect(median.val_mae).toBeLessThan(mse.val_mae! - 3);
  expect(mae.val_mae).toBeCloseTo(median.val_mae!, 0);
  expect(mse.val_rmse).toBeLessThan(median.val_rmse!);
  // The 95 % quantile is 100, far from most of them.
  expect((await errors({ type: 'quantile', quantile: 0.95 })).val_mae).toBeGreaterThan(median.val_mae! + 10);
});

it('refuses a loss of another task, a class that there is not, and a weight that is none', async () => {
  const place = new Workplace();
  place.write('rows.csv', imbalanced());
  place.write('odd.csv', 'x,state,weight\n1,a,1\n2,b,-1\n3,a,2\n');
  const runner = new RunnerClient(place);
  for (const [trainer, message] of [
    [
      classifier({ loss: { type: 'huber' } }),
      'The task is binary: `loss.type` needs a loss of binary (`cross_entropy`, `focal`, `hinge`, `mse`, `mae`).',
    ],
    [
      classifier({ class_weights: { sick: 3 } }),
      'class_weights names "sick", which is no class of the target. There are: ill, well.',
    ],
    [
      classifier({}, { csv: 'odd.csv', sample_weight: 'weight' }),
      'odd.csv, line 3, column "weight": a weight is a number from 0 on; it is -1.',
    ],
    [
      classifier({ class_weights: { ill: 0, well: 0 } }),
      'All weights are 0: no sample is left to learn from.',
    ],
  ] as const) {
    const { finished } = await runner.run({ trainer, to: 1 });
    expect(finished?.outcome).toMatchObject({ kind: 'failed', error: { kind: 'trainer', message } });
  }
});

it("hands its losses to a person's own trainer", async () => {
  const place = new Workplace();
  place.write(
    'own.mjs',
    `import { createLoss } from '@tfsweep/worker/losses';\n${trainerModule(`
    const { tf } = ctx;
    const losses = createLoss(tf, { type: 'huber', delta: 2 }, 'regression');
    const loss = (truth, predicted) => losses(truth, predicted).mean();
    return { loss: loss(tf.tensor2d([[0], [1]]), tf.tensor2d([[1], [5]])).dataSync()[0] };`)}`,
  );
  const { finished } = await new RunnerClient(place).run({ trainer: { module: 'own.mjs' } });
  // 1/2, and 2 · (4 - 1).
  expect(finished?.outcome).toEqual({ kind: 'complete', values: { loss: 3.25 } });
});
