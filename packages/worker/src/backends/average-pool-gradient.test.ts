import type { Tensor, Tensor4D, Tensor5D } from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { seededRandom } from '../data/seeded-random.ts';
import { loadBackend } from './load-backend.ts';
import { testBackend } from './testing/test-backend.ts';
import type { Tf } from './tf.ts';

let tf: Tf;
let backend: string;
beforeAll(async () => {
  tf = (await loadBackend(testBackend('wasm'))).tf;
  backend = tf.getBackend();
});

type Pool = (x: Tensor) => Tensor;
const flat = (window: [number, number], stride: number, pad: 'same' | 'valid'): Pool => {
  return (x) => tf.avgPool(x as Tensor4D, window, stride, pad);
};
const deep = (window: number, stride: number, pad: 'same' | 'valid'): Pool => {
  return (x) => tf.avgPool3d(x as Tensor5D, window, stride, pad);
};

const CASES: Record<string, [number[], Pool]> = {
  'padded images': [[2, 4, 5, 2], flat([3, 2], 1, 'same')],
  'padded images in strides': [[1, 5, 6, 2], flat([3, 3], 2, 'same')],
  'images without padding': [[2, 5, 5, 1], flat([2, 3], 2, 'valid')],
  'padded volumes': [[1, 3, 4, 3, 2], deep(2, 1, 'same')],
  'volumes without padding': [[1, 4, 4, 4, 1], deep(2, 2, 'valid')],
};

it.each(['cpu', 'the backend under test'])(
  'the gradient of average pooling on %s is the derivative of its forward pass',
  async (which) => {
    await tf.setBackend(which === 'cpu' ? 'cpu' : backend);
    const random = seededRandom(3);
    for (const [name, [shape, pool]] of Object.entries(CASES)) {
      const size = shape.reduce((product, n) => product * n, 1);
      const zeros = tf.zeros(shape);
      const output = pool(zeros).shape;
      const count = output.reduce((product, n) => product * n, 1);
      const dy = tf.tensor(
        Float32Array.from({ length: count }, () => 2 * random() - 1),
        output,
      );
      const gradient = await tf.grad(pool)(zeros, dy).data();
      // Pooling is linear: what an input of one element gives, weighted by dy, is the derivative by that element.
      const expected: number[] = [];
      for (let i = 0; i < size; i++) {
        const unit = tf.tensor(
          Float32Array.from({ length: size }, (_, k) => (k === i ? 1 : 0)),
          shape,
        );
        expected.push((await tf.tidy(() => pool(unit).mul(dy).sum()).data())[0]!);
      }
      expected.forEach((value, i) => {
        expect(gradient[i], `${name}, element ${i}`).toBeCloseTo(value, 5);
      });
    }
  },
);
