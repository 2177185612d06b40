import { readFileSync } from 'node:fs';
import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { ScheduleSpec } from '@tfsweep/orchestrator/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadBackend } from '../backends/load-backend.ts';
import type { Tf } from '../backends/tf.ts';
import { createOptimizer, learningRateFactor, type OptimizerOptions, Plateau } from './index.ts';

/** Made with PyTorch by fixtures/make_optimizers.py, in double precision. */
interface Fixture {
  readonly learning_rate: number;
  readonly start: number[];
  readonly gradients: number[][];
  readonly optimizers: ReadonlyArray<{ name: string; spec: OptimizerOptions; weights: number[][] }>;
  readonly epochs: number;
  readonly steps_per_epoch: number;
  readonly schedules: ReadonlyArray<{ spec: ScheduleSpec; factors: number[] }>;
  readonly plateau: { losses: number[]; factors: number[] };
}
const fixture: Fixture = JSON.parse(
  readFileSync(new URL('./fixtures/optimizers.json', import.meta.url), 'utf8'),
);
const SHAPE: [number, number] = [2, 3];
/** Of single precision, over six steps of weights around 1. */
const TOLERANCE = 5e-6;

let tf: Tf;
beforeAll(async () => {
  tf = (await loadBackend('wasm')).tf;
});

/** A loss whose gradient by the weight is what is given. */
const withGradient = (weight: Tensor, gradient: readonly number[]): Tensor =>
  tf.sum(tf.mul(weight, tf.tensor(gradient as number[], SHAPE)));

describe.each(['wasm', 'cpu'])("weights move as PyTorch's do, on %s", (backend) => {
  it.each(fixture.optimizers.map((one) => [one.name, one] as const))('%s', async (_, { spec, weights }) => {
    await tf.setBackend(backend);
    const before = tf.memory().numTensors;
    const weight = tf.variable(tf.tensor2d(fixture.start, SHAPE));
    const optimizer = createOptimizer(tf, { ...spec, learning_rate: fixture.learning_rate });
    for (const [step, gradient] of fixture.gradients.entries()) {
      optimizer.minimize(() => withGradient(weight, gradient).asScalar(), false, [weight]);
      weights[step]!.forEach((expected, i) => {
        expect(Math.abs(weight.dataSync()[i]! - expected), `step ${step}, number ${i}`).toBeLessThan(
          TOLERANCE,
        );
      });
    }
    optimizer.dispose();
    tf.dispose(weight);
    // The start of the variable is a tensor of the test's own.
    expect(tf.memory().numTensors).toBe(before + 1);
    await tf.setBackend('wasm');
  });
});

it.each([1, 2])(
  'leaves a weight without a gradient as it is, and %i batches to a step',
  async (accumulate) => {
    const options = {
      type: 'adam',
      learning_rate: 0.1,
      weight_decay: 0.5,
      clip_norm: 1,
      accumulate,
    } as const;
    const [idle, weight, alone] = [[4, 5, 6, 7, 8, 9], fixture.start, fixture.start].map((values) =>
      tf.variable(tf.tensor2d(values, SHAPE)),
    );
    const optimizer = createOptimizer(tf, options);
    const reference = createOptimizer(tf, options);
    for (const gradient of fixture.gradients) {
      optimizer.minimize(() => withGradient(weight!, gradient).asScalar(), false, [idle!, weight!]);
      reference.minimize(() => withGradient(alone!, gradient).asScalar(), false, [alone!]);
    }
    expect([...idle!.dataSync()]).toEqual([4, 5, 6, 7, 8, 9]);
    expect([...weight!.dataSync()]).toEqual([...alone!.dataSync()]);
    expect([...weight!.dataSync()]).not.toEqual(fixture.start);
    // The counter, then two moments of each weight: a checkpoint finds each in its place.
    expect(await optimizer.getWeights()).toHaveLength(5);
  },
);

it('leaves biases out of weight decay', () => {
  const bias = tf.variable(tf.tensor1d([1, 2]));
  const optimizer = createOptimizer(tf, { type: 'sgd', learning_rate: 0.1, weight_decay: 0.5 });
  optimizer.minimize(() => tf.sum(tf.mul(bias, 0)).asScalar(), false, [bias]);
  expect([...bias.dataSync()]).toEqual([1, 2]);
});

it.each(
  fixture.schedules.map(
    ({ spec, factors }) => [`${spec.type} ${JSON.stringify(spec)}`, spec, factors] as const,
  ),
)("moves the learning rate as PyTorch's %s", (_, spec, factors) => {
  const length = { epochs: fixture.epochs, stepsPerEpoch: fixture.steps_per_epoch };
  factors.forEach((factor, step) => {
    expect(learningRateFactor(spec, step, length), `step ${step}`).toBeCloseTo(factor, 10);
  });
});

it("falls at a plateau when PyTorch's does, and goes on from its state", () => {
  const schedule = { type: 'plateau', factor: 0.5, patience: 2, threshold: 1e-4, warmup: 0 } as const;
  let plateau = new Plateau(schedule);
  const factors = fixture.plateau.losses.map((loss) => {
    plateau = new Plateau(schedule, JSON.parse(JSON.stringify(plateau.state)));
    return plateau.observe(loss);
  });
  expect(factors).toEqual(fixture.plateau.factors);
});

it('takes its rate of each step from the schedule', () => {
  const weight = tf.variable(tf.tensor2d([0, 0, 0, 0, 0, 0], SHAPE));
  const schedule = { type: 'step', every: 1, factor: 0.5, warmup: 0 } as const;
  const optimizer = createOptimizer(
    tf,
    { type: 'sgd', learning_rate: 1, schedule },
    { stepsPerEpoch: 2, epochs: 3 },
  );
  for (let step = 0; step < 6; step++) {
    optimizer.minimize(() => withGradient(weight, [1, 0, 0, 0, 0, -1]).asScalar(), false, [weight]);
  }
  // Twice each of 1, a half and a quarter.
  expect([...weight.dataSync()]).toEqual([-3.5, 0, 0, 0, 0, 3.5]);
  expect(() => createOptimizer(tf, { type: 'sgd', schedule })).toThrow(/needs the steps of an epoch/);
  expect(() => createOptimizer(tf, { type: 'adam', momentum: 0.9 })).toThrow(/no `momentum` with `adam`/);
});

it('makes one step of several batches, weighed by their size, and of what is left at the end', () => {
  const weight = tf.variable(tf.tensor2d([0, 0, 0, 0, 0, 0], SHAPE));
  const optimizer = createOptimizer(tf, { type: 'sgd', learning_rate: 1, accumulate: 2 });
  const step = (gradient: number): void => {
    optimizer.minimize(() => withGradient(weight, [gradient, 0, 0, 0, 0, 0]).asScalar(), false, [weight]);
  };
  step(1);
  expect(weight.dataSync()[0]).toBe(0);
  step(3);
  expect(weight.dataSync()[0]).toBe(-2);
  step(4);
  optimizer.batchWeight = 0.25;
  step(-6);
  // (4 + 0.25 · -6) / 1.25 = 2.
  expect(weight.dataSync()[0]).toBe(-4);
  optimizer.batchWeight = 1;
  step(5);
  optimizer.flush();
  optimizer.flush();
  expect(weight.dataSync()[0]).toBe(-9);
});

it('trains in model.fit like any optimizer of tfjs', async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  const optimizer = createOptimizer(tf, { type: 'adamw', learning_rate: 0.1, clip_norm: 1 });
  model.compile({ optimizer, loss: 'meanSquaredError' });
  const xs = tf.randomUniform([64, 2], -1, 1, 'float32', 1);
  const ys = tf.sum(xs, 1, true);
  const { history } = await model.fit(xs, ys, { epochs: 15, batchSize: 16, verbose: 0 });
  expect(history.loss!.at(-1)).toBeLessThan(0.01);
});

it('keeps the norm of what leads into each unit, and directions as they are', () => {
  const weight = tf.variable(tf.tensor2d([3, 0.1, 0, 4, 0.2, 0], SHAPE));
  const optimizer = createOptimizer(tf, { type: 'sgd', learning_rate: 1, max_norm: 2 });
  optimizer.minimize(() => withGradient(weight, [0, 0, 0, 0, 0, 0]).asScalar(), false, [weight]);
  const expected = [3 * (2 / 5), 0.1, 0, 4 * (2 / 5), 0.2, 0];
  weight.dataSync().forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 5);
  });
});

describe('averages of weights', () => {
  /** Steps along 1, 2, 3 …: a gradient of -1 and a rate of 1. */
  function walk(optimizer: ReturnType<typeof createOptimizer>, steps: number): Float32Array {
    const [inputs, units] = SHAPE;
    const layer = tf.layers.dense({
      units,
      inputShape: [inputs],
      useBias: false,
      kernelInitializer: 'zeros',
    });
    const model = tf.sequential({ layers: [layer] });
    const weight = model.trainableWeights[0]!.read() as Variable;
    for (let step = 0; step < steps; step++) {
      optimizer.minimize(() => withGradient(weight, [-1, 0, 0, 0, 0, 0]).asScalar(), false, [weight]);
    }
    optimizer.swapAverages(model);
    const averaged = weight.dataSync()[0]!;
    optimizer.swapAverages(model);
    return Float32Array.of(averaged, weight.dataSync()[0]!);
  }

  it('forget what is long ago (ema)', () => {
    const options = { type: 'sgd', learning_rate: 1, averaging: { type: 'ema', decay: 0.5 } } as const;
    let expected = 1;
    for (let step = 2; step <= 6; step++) {
      const decay = Math.min(0.5, (1 + step) / (10 + step));
      expected = decay * expected + (1 - decay) * step;
    }
    const [averaged, training] = walk(createOptimizer(tf, options), 6);
    expect(averaged).toBeCloseTo(expected, 5);
    expect(training).toBe(6);
  });

  it('take the ends of the last epochs alike (swa)', () => {
    const options = { type: 'sgd', learning_rate: 1, averaging: { type: 'swa', start: 0.5 } } as const;
    const length = { stepsPerEpoch: 2, epochs: 4 };
    // Epochs 3 and 4 end with steps 6 and 8.
    expect([...walk(createOptimizer(tf, options, length), 8)]).toEqual([7, 8]);
    // Before there is one, what trains is what is validated.
    expect([...walk(createOptimizer(tf, options, length), 4)]).toEqual([4, 4]);
    expect(() => createOptimizer(tf, options)).toThrow(/averaging swa needs the steps of an epoch/);
  });
});
