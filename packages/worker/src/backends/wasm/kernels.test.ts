import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../data/seeded-random.ts';
import { loadBackend } from '../load-backend.ts';
import type { Tf } from '../tf.ts';

type Shape4D = [number, number, number, number];

const DRAWS = 25;
const MAX_RELATIVE_ERROR = 1e-3;

let tf: Tf;
beforeAll(async () => {
  tf = (await loadBackend('wasm')).tf;
});

const random = seededRandom(20261124);
const int = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
const pick = <T>(values: readonly T[]): T => values[int(0, values.length - 1)]!;
const numbers = (count: number): Float32Array => Float32Array.from({ length: count }, () => 2 * random() - 1);
const size = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** What `compute` gives on wasm and on the cpu backend, whose kernels are the reference. */
async function onBoth(compute: () => Tensor[]): Promise<[Float32Array[], Float32Array[]]> {
  const results: Float32Array[][] = [];
  for (const backend of ['wasm', 'cpu']) {
    await tf.setBackend(backend);
    const before = tf.memory().numTensors;
    const outputs = tf.tidy(compute);
    results.push(await Promise.all(outputs.map(async (output) => Float32Array.from(await output.data()))));
    tf.dispose(outputs);
    expect(tf.memory().numTensors).toBe(before);
  }
  await tf.setBackend('wasm');
  return results as [Float32Array[], Float32Array[]];
}

function expectClose([actual, expected]: [Float32Array[], Float32Array[]], what: string): void {
  expected.forEach((reference, i) => {
    const scale = Math.max(1e-6, ...reference.map(Math.abs));
    let worst = actual[i]!.length === reference.length ? 0 : Number.POSITIVE_INFINITY;
    // Not max(…, NaN): a NaN must fail.
    for (let k = 0; k < reference.length; k++) {
      const error = Math.abs(actual[i]![k]! - reference[k]!) / scale;
      if (!(error <= worst)) worst = error;
    }
    expect(worst, `${what}, output ${i}`).toBeLessThan(MAX_RELATIVE_ERROR);
  });
}

describe('gradients on wasm equal those of the cpu backend', () => {
  it('of conv2d, over shapes, strides and paddings', async () => {
    for (let draw = 0; draw < DRAWS; draw++) {
      const pad = pick(['same', 'valid', 0, 1] as const);
      // With a pad that is a number, tfjs computes both sides of the output from the filter's height and row stride.
      const square = typeof pad === 'number';
      const [height, rowStride] = [int(1, 5), int(1, 3)];
      const filter: Shape4D = [height, square ? height : int(1, 5), int(1, 5), int(1, 9)];
      const stride: [number, number] = [rowStride, square ? rowStride : int(1, 3)];
      const input: Shape4D = [int(1, 4), int(5, 12), int(5, 12), filter[2]];
      const x = numbers(size(input));
      const w = numbers(size(filter));
      const convolve = (a: Tensor, b: Tensor): Tensor => tf.conv2d(a as Tensor4D, b as Tensor4D, stride, pad);
      const shape = tf.tidy(() => convolve(tf.zeros(input), tf.zeros(filter)).shape);
      const dy = numbers(size(shape));
      const both = await onBoth(() =>
        tf.grads(convolve)([tf.tensor(x, input), tf.tensor(w, filter)], tf.tensor(dy, shape)),
      );
      expectClose(both, `conv2d of ${input} by ${filter}, stride ${stride}, pad ${pad}`);
    }
  });

  it('of max pooling, over shapes, strides and paddings, ties included', async () => {
    for (let draw = 0; draw < DRAWS; draw++) {
      const input: Shape4D = [int(1, 3), int(3, 11), int(3, 11), int(1, 5)];
      const window: [number, number] = draw % 3 === 0 ? [2, 2] : [int(1, 3), int(1, 3)];
      const stride: [number, number] = draw % 3 === 0 ? [2, 2] : [int(1, 3), int(1, 3)];
      const pad = draw % 3 === 0 ? 'valid' : pick(['same', 'valid'] as const);
      // As after a ReLU: many equal zeros.
      const x = numbers(size(input)).map((value) => Math.max(0, value));
      const pool = (a: Tensor): Tensor => tf.maxPool(a as Tensor4D, window, stride, pad);
      const shape = tf.tidy(() => pool(tf.zeros(input)).shape);
      const dy = numbers(size(shape));
      const both = await onBoth(() => [tf.grad(pool)(tf.tensor(x, input), tf.tensor(dy, shape))]);
      expectClose(both, `max pooling of ${input} by ${window}, stride ${stride}, pad ${pad}`);
    }
  });

  it('of an embedding, and of layers whose kernels only the cpu backend has', async () => {
    const ids = [1, 3, 1, 0];
    const table = numbers(4 * 3);
    const dy = numbers(4 * 3);
    const embed = (weights: Tensor): Tensor => tf.gather(weights, tf.tensor1d(ids, 'int32'));
    expectClose(
      await onBoth(() => [tf.grad(embed)(tf.tensor(table, [4, 3]), tf.tensor(dy, [4, 3]))]),
      'gather',
    );

    const x = numbers(2 * 6 * 6 * 3);
    const w = numbers(3 * 3 * 3 * 2);
    const depthwise = (a: Tensor, b: Tensor): Tensor =>
      tf.depthwiseConv2d(a as Tensor4D, b as Tensor4D, 1, 'same');
    const both = await onBoth(() =>
      tf.grads(depthwise)([tf.tensor(x, [2, 6, 6, 3]), tf.tensor(w, [3, 3, 3, 2])]),
    );
    expectClose(both, 'depthwiseConv2d');
  });
});

it('multiplies matrices as the cpu backend does, with either side transposed, batches included', async () => {
  for (let draw = 0; draw < DRAWS; draw++) {
    const [batch, m, k, n] = [int(1, 3), int(1, 9), int(1, 9), int(1, 9)];
    const [left, right] = [random() < 0.5, random() < 0.5];
    const a = numbers(batch * m * k);
    const b = numbers(batch * k * n);
    const both = await onBoth(() => [
      tf.matMul(
        tf.tensor(a, left ? [batch, k, m] : [batch, m, k]),
        tf.tensor(b, right ? [batch, n, k] : [batch, k, n]),
        left,
        right,
      ),
    ]);
    expectClose(both, `matMul ${batch}x${m}x${k}x${n}, transposed ${left} ${right}`);
  }
});

it('gathers rows as the cpu backend does, and refuses an index that is out of bounds', async () => {
  const x = numbers(5 * 2 * 3);
  const both = await onBoth(() => [
    tf.gather(tf.tensor(x, [5, 2, 3]), tf.tensor2d([4, 0, 0, 2], [2, 2], 'int32')),
  ]);
  expectClose(both, 'gather');
  const before = tf.memory().numTensors;
  expect(() => tf.tidy(() => tf.gather(tf.tensor(x, [5, 6]), tf.tensor1d([5], 'int32')))).toThrow(
    /5 is out of bounds \[0, 4\]/,
  );
  expect(tf.memory().numTensors).toBe(before);
});
