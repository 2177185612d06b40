import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadBackend } from '../../packages/worker/src/backends/load-backend.ts';
import type { Tf } from '../../packages/worker/src/backends/tf.ts';
import type { PreparedData } from '../../packages/worker/src/data/prepared-data.ts';
import { dataPart, readTrainerSpec } from '../../packages/worker/src/trainers/declarative/spec.ts';
import { declarativeTrainer } from '../../packages/worker/src/trainers/declarative/trainer.ts';
import { RunnerClient, trainerModule, Workplace } from './runner-client.ts';

type LayersModel = InstanceType<Tf['LayersModel']>;
type Tensor = InstanceType<Tf['Tensor']>;

let tf: Tf;
let served = '';
const server = createServer(async (request, response) => {
  const content = await readFile(join(served, request.url!)).catch(() => null);
  response.writeHead(content === null ? 404 : 200).end(content);
});
beforeAll(async () => {
  tf = (await loadBackend('wasm')).tf;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

/** By the loader of tfjs itself, which knows nothing of tfsweep. */
function loadedModel(place: Workplace, path: string): Promise<LayersModel> {
  served = place.artifacts;
  const { port } = server.address() as AddressInfo;
  return tf.loadLayersModel(`http://127.0.0.1:${port}/${path}/model.json`);
}

/** y = 1 where x > 0.5, one label in four wrong. */
function rows(): string {
  let state = 1;
  const random = (): number => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const lines = Array.from({ length: 120 }, () => {
    const [x, other] = [random(), random()];
    const label = random() < 0.25 ? x < 0.5 : x > 0.5;
    return `${x.toFixed(4)},${other.toFixed(4)},${label ? 'up' : 'down'}`;
  });
  return ['x,other,state', ...lines, ''].join('\n');
}

/** The mean cross-entropy of the validation part, from the model's answers alone. */
async function validationLoss(model: LayersModel, { validation }: PreparedData): Promise<number> {
  const said = Array.from(await (model.predict(validation.xs) as Tensor).data());
  const truth = await validation.ys.data();
  return said.reduce((sum, p, i) => sum - Math.log(truth[i] === 1 ? p : 1 - p), 0) / said.length;
}

const EARLY = { patience: 3, min_delta: 0.001 };
const EMA = { type: 'ema', decay: 0.99 };

it.each([
  ['the weights of the best epoch', { early_stopping: EARLY, rate: 0.3 }],
  ['averaged weights', { averaging: EMA, rate: 0.03 }],
  ['the averaged weights of the best epoch', { averaging: EMA, early_stopping: EARLY, rate: 0.3 }],
])(
  'keeps %s as a model of tfjs: the one whose value ranks',
  async (_, { rate, averaging, ...more }: Variant) => {
    const place = new Workplace();
    place.write('rows.csv', rows());
    const spec = {
      dataset: { csv: 'rows.csv', target: 'state', validation: 0.5 },
      model: { type: 'mlp', hidden: [16] },
      optimizer: { type: 'momentum', learning_rate: rate, ...(averaging && { averaging }) },
      batch_size: 8,
      epochs: 30,
      ...more,
    };
    const runner = new RunnerClient(place);
    const run = await runner.run({ trainer: { spec }, to: 30, checkpointEvery: 50 });
    const { outcome } = run.finished!;
    const reports = run.reports.map(({ values }) => Number(values.val_loss));
    const restored = outcome.kind === 'complete' ? outcome.values.val_loss : undefined;
    if (more.early_stopping !== undefined) {
      expect(reports.length).toBeLessThan(30);
      expect(restored).toBe(Math.min(...reports));
    }
    // One, whatever `every` says: that of the last epoch.
    expect(run.checkpoints.map(({ step }) => step)).toEqual([reports.length]);
    const data = (await declarativeTrainer.data!({
      args: dataPart(readTrainerSpec(spec)) as unknown as Record<string, unknown>,
      tf,
      pathOf: (name) => join(place.root, name),
    })) as PreparedData;
    const model = await loadedModel(place, run.checkpoints[0]!.path);
    expect(await validationLoss(model, data)).toBeCloseTo(restored ?? reports.at(-1)!, 4);
    // A crash before the outcome was known: the next attempt finds all of it there.
    const from = reports.length;
    const again = await runner.run({ trainer: { spec }, from, to: 30, checkpoint: run.checkpoints[0]! });
    expect(again.reports).toEqual([]);
    expect(again.finished!.outcome).toEqual(outcome);
  },
);

interface Variant {
  readonly rate: number;
  readonly averaging?: object;
  readonly early_stopping?: object;
}

it('keeps the last epoch of a module that ends its training by itself', async () => {
  const place = new Workplace();
  place.write(
    'early.mjs',
    trainerModule(`
    const model = ctx.tf.sequential({ layers: [ctx.tf.layers.dense({ units: 1, inputShape: [1] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const over = new ctx.tf.CustomCallback({ onEpochEnd: (epoch) => { if (epoch === 2) model.stopTraining = true; } });
    await model.fit(ctx.tf.ones([4, 1]), ctx.tf.ones([4, 1]), { epochs: ctx.budget.to, verbose: 0, callbacks: [over, ctx.callback()] });
    return { prediction: model.predict(ctx.tf.ones([1, 1])).dataSync()[0] };`),
  );
  const { checkpoints, finished } = await new RunnerClient(place).run({
    trainer: { module: 'early.mjs' },
    to: 8,
    checkpointEvery: 5,
  });
  expect(checkpoints.map(({ step }) => step)).toEqual([3]);
  const model = await loadedModel(place, checkpoints[0]!.path);
  const [prediction] = await (model.predict(tf.ones([1, 1])) as Tensor).data();
  expect(finished?.outcome).toMatchObject({ values: { prediction: expect.closeTo(prediction!, 6) } });
});
