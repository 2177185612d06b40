import { expect, it } from 'vitest';
import { RunnerClient, trainerModule, Workplace } from './runner-client.ts';

/** y = 3 x1 - 2 x2 over a grid. */
function plane(): string {
  const rows = Array.from({ length: 96 }, (_, i) => {
    const [a, b] = [(i % 12) / 6 - 1, Math.floor(i / 12) / 4 - 1];
    return `${a},${b},${3 * a - 2 * b}`;
  });
  return ['a,b,y', ...rows, ''].join('\n');
}

const spec = (optimizer: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  spec: {
    task: 'regression',
    dataset: { csv: 'rows.csv', target: 'y' },
    model: { type: 'mlp', hidden: [] },
    optimizer,
    batch_size: 16,
    metrics: ['r2'],
    epochs: 8,
    ...more,
  },
});

it('trains with every optimizer, and better than it began', async () => {
  const place = new Workplace();
  place.write('rows.csv', plane());
  const runner = new RunnerClient(place);
  const rates = {
    sgd: 0.05,
    momentum: 0.02,
    nesterov: 0.02,
    adam: 0.05,
    adamw: 0.05,
    adamax: 0.1,
    rmsprop: 0.05,
    adagrad: 0.3,
  };
  for (const [type, rate] of Object.entries(rates)) {
    const { reports } = await runner.run({
      trainer: spec({ type: '$type', learning_rate: rate, clip_norm: 5, accumulate: 1 }),
      params: { type },
      to: 8,
    });
    expect(Number(reports.at(-1)?.values.val_r2), type).toBeGreaterThan(0.97);
  }
});

it('moves the learning rate over the whole training, and goes on with it after a pause', async () => {
  const place = new Workplace();
  place.write('rows.csv', plane());
  const runner = new RunnerClient(place);
  for (const schedule of [
    { type: 'cosine', warmup: 2 },
    { type: 'plateau', patience: 0, factor: 0.5, threshold: 0.9 },
  ]) {
    const trainer = spec({ type: 'adam', learning_rate: 0.02, schedule });
    const whole = await runner.run({ trainer, to: 8 });
    const half = await runner.run({ trainer, to: 4, checkpointEvery: 4 });
    const rest = await runner.run({ trainer, from: 4, to: 8, checkpoint: half.checkpoints[0]! });
    expect([...half.reports, ...rest.reports]).toEqual(whole.reports);
    const rates = whole.reports.map(({ values }) => Number(values.learning_rate));
    if (schedule.type === 'cosine') {
      // After warming up for 2 of 8 epochs: after 2 more, a third of the half cosine.
      expect(rates[1]).toBeCloseTo(0.02, 5);
      expect(rates[3]).toBeCloseTo(0.02 * 0.75, 5);
      expect(rates[7]).toBeCloseTo(0, 5);
    } else expect(rates[7]).toBeLessThan(0.02);
  }
});

it("hands its optimizers to a person's own trainer", async () => {
  const place = new Workplace();
  place.write(
    'own.mjs',
    `import { createOptimizer } from '@tfsweep/worker/optimizers';\n${trainerModule(`
    const { tf } = ctx;
    const optimizer = createOptimizer(tf, { type: 'adamw', learning_rate: 0.3, schedule: { type: 'one_cycle' } }, { stepsPerEpoch: 4, epochs: 25 });
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    model.compile({ optimizer, loss: 'meanSquaredError' });
    const xs = tf.linspace(-1, 1, 64).reshape([64, 1]);
    await model.fit(xs, xs.mul(2), { epochs: 25, batchSize: 16, verbose: 0, callbacks: [ctx.callback()] });`)}`,
  );
  const { reports, finished } = await new RunnerClient(place).run({ trainer: { module: 'own.mjs' }, to: 25 });
  expect(finished?.outcome.kind).toBe('complete');
  expect(Number(reports.at(-1)!.values.loss)).toBeLessThan(0.01);
  expect(finished?.tensors).toBe(0);
});
