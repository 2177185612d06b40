import { expect, it } from 'vitest';
import { loadBackend } from '../backends/load-backend.ts';
import { testBackend } from '../backends/testing/test-backend.ts';
import { loadMnist } from './mnist.ts';

it('reads digits with their labels, validation from the other end of the training part', async () => {
  const { tf } = await loadBackend(testBackend('wasm'));
  const data = await loadMnist(tf, { limit: 20, validation: 10 });
  expect(data).toMatchObject({ task: 'multiclass', inputShape: [28, 28, 1], outputs: 10 });
  expect(data.train.xs.shape).toEqual([20, 28, 28, 1]);
  expect(data.validation.xs.shape).toEqual([10, 28, 28, 1]);
  // The first labels of MNIST's training part, as its authors published them, and the last.
  const labels = async (part: 'train' | 'validation') => [...(await data[part].ys.argMax(1).data())];
  expect((await labels('train')).slice(0, 10)).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
  expect((await labels('validation')).slice(-3)).toEqual([5, 6, 8]);
  const pixels = await data.train.xs.data();
  expect(Math.min(...pixels)).toBe(0);
  expect(Math.max(...pixels)).toBe(1);
});

it('refuses more images than there are', async () => {
  const { tf } = await loadBackend(testBackend('wasm'));
  await expect(loadMnist(tf, { limit: 55_000, validation: 6_000 })).rejects.toThrow(
    /60000 images.*need 61000/,
  );
});
