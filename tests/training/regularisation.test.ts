import { expect, it } from 'vitest';
import { RunnerClient, Workplace } from './runner-client.ts';

/** Twenty features of noise and one that matters a little: easy to learn by heart. */
function noisy(): string {
  let state = 1;
  const noise = (): number => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const names = Array.from({ length: 20 }, (_, i) => `n${i}`);
  const rows = Array.from({ length: 120 }, () => {
    const x = noise();
    const label = x + (noise() - 0.5) > 0.5 ? 'up' : 'down';
    return [x, ...names.map(noise)]
      .map((value) => value.toFixed(4))
      .concat(label)
      .join();
  });
  return [['x', ...names, 'state'].join(), ...rows, ''].join('\n');
}

const trainer = (model: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  spec: {
    dataset: { csv: 'rows.csv', target: 'state', validation: 0.5 },
    model: { type: 'mlp', hidden: [64], ...model },
    optimizer: { learning_rate: 0.02, ...(more.optimizer as object) },
    batch_size: 20,
    epochs: 40,
    ...(({ optimizer: _, ...rest }) => rest)(more),
  },
});

type Values = Record<string, number>;

it('learns less by heart with each kind of regularisation than without', async () => {
  const place = new Workplace();
  place.write('rows.csv', noisy());
  const runner = new RunnerClient(place);
  const gap = async (model: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<number> => {
    const { reports, finished } = await runner.run({
      trainer: trainer(model, more),
      params: { much: 0.9 },
      to: 40,
    });
    expect(finished?.outcome.kind).toBe('complete');
    const { loss, val_loss } = reports.at(-1)!.values as Values;
    return val_loss! - loss!;
  };
  const plain = await gap({});
  expect(plain).toBeGreaterThan(1);
  for (const kind of [{ dropout: '$much' }, { l2: 0.03 }, { l1: 0.01 }]) {
    expect(await gap(kind), JSON.stringify(kind)).toBeLessThan(plain * 0.7);
  }
  for (const optimizer of [{ max_norm: 0.3 }, { type: 'adamw', weight_decay: 1 }]) {
    expect(await gap({}, { optimizer }), JSON.stringify(optimizer)).toBeLessThan(plain * 0.7);
  }
});

it('learns faster through many layers with normalisation', async () => {
  const place = new Workplace();
  const rows = Array.from({ length: 200 }, (_, i) => {
    const [a, b] = [(i % 14) / 13 - 0.5, Math.floor(i / 14) / 14 - 0.5];
    return `${a},${b},${a * b > 0 ? 'same' : 'other'}`;
  });
  place.write('rows.csv', ['a,b,state', ...rows, ''].join('\n'));
  const runner = new RunnerClient(place);
  const accuracy = async (activation: string, normalization: string): Promise<number> => {
    const model = { hidden: [16, 16, 16, 16], activation, normalization };
    const { reports } = await runner.run({
      trainer: trainer(model, { batch_size: 20, epochs: 18, dataset: { csv: 'rows.csv', target: 'state' } }),
      to: 18,
    });
    return Number(reports.at(-1)!.values.accuracy);
  };
  // Through sigmoids gradients vanish.
  expect(await accuracy('sigmoid', 'batch')).toBeGreaterThan((await accuracy('sigmoid', 'none')) + 0.15);
  expect(await accuracy('tanh', 'layer')).toBeGreaterThan(0.85);
});

it('stops early, brings the best weights back, and goes on from a checkpoint as if nothing had happened', async () => {
  const place = new Workplace();
  place.write('rows.csv', noisy());
  const runner = new RunnerClient(place);
  const spec = trainer({}, { early_stopping: { patience: '$patience' }, metrics: ['accuracy', 'log_loss'] });
  const params = { patience: 3 };
  const whole = await runner.run({ trainer: spec, params, to: 40 });
  const losses = whole.reports.map(({ values }) => Number(values.val_loss));
  const best = losses.indexOf(Math.min(...losses));
  expect(losses).toHaveLength(best + 1 + 4);
  const { outcome } = whole.finished!;
  // The metrics of the best epoch, and with them the model.
  expect(outcome).toMatchObject({ kind: 'complete', values: whole.reports[best]!.values });
  expect(runner.output).toContain(`Nothing was gained for 4 epochs: over after ${losses.length}.`);

  const pauseAt = best + 3;
  const half = await runner.run({ trainer: spec, params, to: pauseAt, checkpointEvery: pauseAt });
  expect(half.finished?.outcome).not.toHaveProperty('values.val_loss');
  const rest = await runner.run({
    trainer: spec,
    params,
    from: pauseAt,
    to: 40,
    checkpoint: half.checkpoints[0]!,
  });
  expect([...half.reports, ...rest.reports]).toEqual(whole.reports);
  expect(rest.finished?.outcome).toEqual(outcome);
  expect(rest.finished?.tensors).toBe(whole.finished?.tensors);

  // A crash between the last checkpoint and the outcome.
  const last = losses.length;
  const saved = await runner.run({ trainer: spec, params, to: 40, checkpointEvery: last });
  const checkpoint = saved.checkpoints[0]!;
  const again = await runner.run({ trainer: spec, params, from: last, to: 40, checkpoint });
  expect(again.reports).toEqual([]);
  expect(again.finished?.outcome).toEqual(outcome);
});

it('validates averaged weights, whose loss is calmer, and keeps them over a pause', async () => {
  const place = new Workplace();
  place.write('rows.csv', noisy());
  const runner = new RunnerClient(place);
  const unrest = ({ reports }: { reports: ReadonlyArray<{ values: Record<string, unknown> }> }): number => {
    const losses = reports.slice(-8).map(({ values }) => Number(values.val_loss));
    return losses.slice(1).reduce((sum, loss, i) => sum + Math.abs(loss - losses[i]!), 0);
  };
  const optimizer = { type: 'sgd', learning_rate: 0.5 };
  const model = { hidden: [], l2: 0.01 };
  const noise = { optimizer, batch_size: 4 };
  const plain = await runner.run({ trainer: trainer(model, noise), to: 40 });
  for (const averaging of [
    { type: 'ema', decay: 0.99 },
    { type: 'swa', start: 0.5 },
  ]) {
    const spec = trainer(model, { ...noise, optimizer: { ...optimizer, averaging } });
    const averaged = await runner.run({ trainer: spec, to: 40 });
    expect(unrest(averaged), averaging.type).toBeLessThan(unrest(plain) / 3);
    const half = await runner.run({ trainer: spec, to: 25, checkpointEvery: 25 });
    const rest = await runner.run({ trainer: spec, from: 25, to: 40, checkpoint: half.checkpoints[0]! });
    expect([...half.reports, ...rest.reports]).toEqual(averaged.reports);
  }
});

it('measures neither curves nor costs of a trial that pauses at a rung, or was stopped', async () => {
  const place = new Workplace();
  place.write('rows.csv', noisy());
  const runner = new RunnerClient(place);
  const spec = trainer({ hidden: [] }, { epochs: 4, metrics: ['roc_curve', 'model_bytes'] });
  const paused = await runner.run({ trainer: spec, to: 2 });
  expect(paused.finished?.outcome).toEqual({ kind: 'complete', values: {} });
  const stopped = await runner.run({
    trainer: spec,
    to: 4,
    onReport: (step) => (step === 2 ? 'enough' : null),
  });
  expect(stopped.finished?.outcome).toEqual({ kind: 'stopped' });
  const pushed = await runner.run({
    trainer: spec,
    to: 4,
    onReport: (step, run) => {
      if (step === 4) run.stop('enough');
      return null;
    },
  });
  expect(pushed.finished?.outcome).toEqual({ kind: 'stopped' });
  expect(place.artifactsNamed('roc_curve.json')).toEqual([]);
  await runner.run({ trainer: spec, to: 4 });
  expect(place.artifactsNamed('roc_curve.json')).toHaveLength(1);
});

it('measures the averaged weights at the end, also where nothing was left to train', async () => {
  const place = new Workplace();
  place.write('rows.csv', noisy());
  const runner = new RunnerClient(place);
  const optimizer = { type: 'sgd', learning_rate: 0.5, averaging: { type: 'ema', decay: 0.99 } };
  const spec = trainer({ hidden: [] }, { optimizer, epochs: 4, metrics: ['auc', 'roc_curve'] });
  const whole = await runner.run({ trainer: spec, to: 4, checkpointEvery: 4 });
  const checkpoint = whole.checkpoints[0]!;
  const again = await runner.run({ trainer: spec, from: 4, to: 4, checkpoint });
  expect(again.reports).toEqual([]);
  const curves = place.artifactsNamed('roc_curve.json').map((text) => JSON.parse(text));
  expect(curves).toHaveLength(2);
  for (const { auc } of curves) expect(auc).toBeCloseTo(Number(whole.reports.at(-1)!.values.val_auc), 10);
  expect(curves[0]).toEqual(curves[1]);
});

it('fails a trial that diverges at once, with the step and what to try', async () => {
  const place = new Workplace();
  place.write('rows.csv', ['x,y', ...Array.from({ length: 64 }, (_, i) => `${i},${i * i}`), ''].join('\n'));
  const { reports, finished } = await new RunnerClient(place).run({
    trainer: {
      spec: {
        dataset: { csv: 'rows.csv', target: 'y' },
        model: { type: 'mlp', hidden: [16] },
        optimizer: { type: 'sgd', learning_rate: '$rate' },
        batch_size: 8,
      },
    },
    params: { rate: 50 },
    to: 20,
  });
  expect(reports).toEqual([]);
  expect(finished?.outcome).toMatchObject({
    kind: 'failed',
    error: {
      kind: 'diverged',
      message: expect.stringMatching(
        /^The training diverged in epoch 1, batch \d: the loss is (NaN|Infinity|[\d.e+]+, and it began with [\d.e+]+)\. Try a `learning_rate` below 50, or `clip_norm: 1`, or a `schedule` with a `warmup`\.$/,
      ),
    },
  });
});
