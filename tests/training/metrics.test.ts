import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RunnerClient, trainerModule, Workplace } from './runner-client.ts';

/** Two classes along one line, one in five of the second; the noise makes some rows undecidable. */
function twoClasses(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const positive = i % 5 === 0;
    const x = (positive ? 1 : -1) + ((i * 37) % 41) / 13 - 1.5;
    return `${x.toFixed(4)},${((i * 17) % 23) / 23},${positive ? 'ill' : 'well'}`;
  });
  return ['x,noise,state', ...lines, ''].join('\n');
}

const artifact = (place: Workplace, name: string): unknown => {
  const [run] = readdirSync(place.artifacts);
  return JSON.parse(readFileSync(join(place.artifacts, run!, 'artifacts', name), 'utf8'));
};

it('reports what `metrics` lists for both parts, writes the curves, and returns the costs', async () => {
  const place = new Workplace();
  place.write('rows.csv', twoClasses(300));
  const { reports, finished } = await new RunnerClient(place).run({
    trainer: {
      spec: {
        dataset: { csv: 'rows.csv', target: 'state' },
        model: { type: 'mlp', hidden: [8] },
        optimizer: { learning_rate: 0.01 },
        metrics: [
          'accuracy',
          '$score',
          'balanced_accuracy',
          'auc',
          'confusion_matrix',
          'roc_curve',
          'model_bytes',
          'latency_ms',
        ],
      },
    },
    params: { score: 'f1' },
    to: 8,
  });
  const names = ['loss', 'accuracy', 'f1', 'balanced_accuracy', 'auc'];
  expect(Object.keys(reports[0]!.values).sort()).toEqual(
    [...names, ...names.map((name) => `val_${name}`)].sort(),
  );
  const first = reports[0]!.values as Record<string, number>;
  const last = reports.at(-1)!.values as Record<string, number>;
  expect(last.val_loss).toBeLessThan(first.val_loss!);
  expect(last.val_auc).toBeGreaterThan(0.85);

  const matrix = artifact(place, 'confusion_matrix.json') as { classes: string[]; counts: number[][] };
  expect(matrix.classes).toEqual(['ill', 'well']);
  const [[hits, misses], [alarms, rejections]] = matrix.counts as [[number, number], [number, number]];
  expect(hits + misses + alarms + rejections).toBe(60);
  expect(last.val_accuracy).toBeCloseTo((hits + rejections) / 60, 9);
  // Class 1 is the second in order: well.
  expect(last.val_f1).toBeCloseTo((2 * rejections) / (2 * rejections + misses + alarms), 9);
  expect((artifact(place, 'roc_curve.json') as { auc: number }).auc).toBeCloseTo(last.val_auc!, 9);

  const weights = 8 * (2 + 1) + (8 + 1);
  expect(finished?.outcome).toEqual({
    kind: 'complete',
    values: { model_parameters: weights, model_bytes: 4 * weights, latency_ms: expect.any(Number) },
  });
});

it("measures a regression in the target's unit", async () => {
  const place = new Workplace();
  const rows = Array.from({ length: 120 }, (_, i) => `${i / 10},${1000 + 50 * i}`);
  place.write('rows.csv', ['x,y', ...rows, ''].join('\n'));
  const { reports } = await new RunnerClient(place).run({
    trainer: {
      spec: {
        dataset: { csv: 'rows.csv', target: 'y' },
        model: { type: 'mlp', hidden: [] },
        optimizer: { type: 'adam', learning_rate: 0.05 },
        metrics: ['rmse', 'mse', 'mae', 'mape', 'r2'],
        batch_size: 16,
      },
    },
    to: 25,
  });
  const { val_rmse, val_mse, val_mae, val_mape, val_r2 } = reports.at(-1)!.values as Record<string, number>;
  expect(val_r2).toBeGreaterThan(0.99);
  expect(val_rmse! ** 2).toBeCloseTo(val_mse!, 3);
  expect(val_mae).toBeLessThanOrEqual(val_rmse!);
  // Targets lie between 1,000 and 6,950, so that a share is the error by something in between.
  expect(val_mape).toBeGreaterThan(val_mae! / 6950);
  expect(val_mape).toBeLessThan(val_mae! / 1000);
});

it("hands the same functions to a person's own trainer", async () => {
  const place = new Workplace();
  place.write(
    'scores.mjs',
    `import { rocAuc, accuracy } from '@tfsweep/worker/metrics';\n${trainerModule(`
    return { auc: rocAuc([0, 1, 1, 0], [0.1, 0.9, 0.4, 0.4]), accuracy: accuracy([0, 1], [0, 0]) };`)}`,
  );
  const { finished } = await new RunnerClient(place).run({ trainer: { module: 'scores.mjs' } });
  expect(finished?.outcome).toEqual({ kind: 'complete', values: { auc: 0.875, accuracy: 0.5 } });
});

it('refuses a metric that the task of the data has no use for', async () => {
  const place = new Workplace();
  place.write('rows.csv', twoClasses(20));
  const { finished } = await new RunnerClient(place).run({
    trainer: {
      spec: { dataset: { csv: 'rows.csv', target: 'x' }, model: { type: 'mlp' }, metrics: ['mae', 'f1'] },
    },
    to: 1,
  });
  expect(finished?.outcome).toMatchObject({
    kind: 'failed',
    error: {
      kind: 'trainer',
      message:
        'The task is regression: `metrics` needs a metric of regressions such as `mae`, `rmse` or `r2` (`f1` needs classes).',
    },
  });
});

it('goes on from a checkpoint exactly where an undisturbed training would be, dropout included', async () => {
  const place = new Workplace();
  place.write('rows.csv', twoClasses(100));
  const trainer = {
    spec: {
      dataset: { csv: 'rows.csv', target: 'state' },
      model: { type: 'mlp', hidden: [8], dropout: 0.3 },
      batch_size: 16,
    },
  };
  const runner = new RunnerClient(place);
  const whole = await runner.run({ trainer, to: 6 });
  const half = await runner.run({ trainer, to: 3, checkpointEvery: 3 });
  const rest = await runner.run({ trainer, from: 3, to: 6, checkpoint: half.checkpoints[0]! });
  expect(rest.reports).toEqual(whole.reports.slice(3));
});
