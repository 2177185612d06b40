import { readFileSync } from 'node:fs';
import type { Tensor } from '@tensorflow/tfjs';
import type { LossInput } from '@tfsweep/orchestrator/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadBackend } from '../backends/load-backend.ts';
import type { Tf } from '../backends/tf.ts';
import { balancedClassWeights, createLoss, type Task, withMeanOne } from './index.ts';

/** Made with scikit-learn by fixtures/make_losses.py. */
type Samples = Record<'truth' | 'predicted', number[][]>;
interface Fixture extends Record<Task, Samples> {
  readonly cases: ReadonlyArray<{ name: string; task: Task; spec: LossInput; losses: number[] }>;
  readonly balanced: { readonly labels: number[]; readonly weights: number[] };
}
const fixture: Fixture = JSON.parse(readFileSync(new URL('./fixtures/losses.json', import.meta.url), 'utf8'));
const cases = fixture.cases.map((one) => [one.name, one] as const);

let tf: Tf;
beforeAll(async () => {
  tf = (await loadBackend('wasm')).tf;
});

describe.each(['wasm', 'cpu'])('on %s', (backend) => {
  it.each(cases)('%s of each sample equals the reference', async (_, { task, spec, losses }) => {
    await tf.setBackend(backend);
    const { truth, predicted } = fixture[task];
    const ours = tf.tidy(() =>
      createLoss(tf, spec, task)(tf.tensor2d(truth), tf.tensor2d(predicted)).dataSync(),
    );
    await tf.setBackend('wasm');
    expect(ours).toHaveLength(losses.length);
    losses.forEach((expected, i) => {
      expect(ours[i], `sample ${i}`).toBeCloseTo(expected, 5);
    });
  });

  it.each(cases)('%s has the gradient of its differences', async (_, { task, spec }) => {
    await tf.setBackend(backend);
    const { truth, predicted } = fixture[task];
    const loss = (guess: Tensor): Tensor => tf.sum(createLoss(tf, spec, task)(tf.tensor2d(truth), guess));
    const gradient = tf.tidy(() => tf.grad(loss)(tf.tensor2d(predicted)).dataSync());
    const flat = predicted.flat();
    const width = predicted[0]!.length;
    const h = 1e-3;
    const at = (moved: number[]): number =>
      tf.tidy(() => loss(tf.tensor2d(moved, [moved.length / width, width])).dataSync()[0]!);
    flat.forEach((value, i) => {
      const above = flat.with(i, value + h);
      const below = flat.with(i, value - h);
      const difference = (at(above) - at(below)) / (2 * h);
      // A probability near 0, and a corner of the loss, is where differences say little.
      if (value - h < 0.02 && task !== 'regression') return;
      expect(
        Math.abs(gradient[i]! - difference),
        `number ${i}: ${gradient[i]} for ${difference}`,
      ).toBeLessThan(0.03 * Math.max(1, Math.abs(difference)));
    });
    await tf.setBackend('wasm');
  });
});

it("balances classes with scikit-learn's weights, and scales weights to a mean of one", () => {
  const { labels, weights } = fixture.balanced;
  expect([...balancedClassWeights(labels, 3)]).toEqual(weights);
  expect([...balancedClassWeights([0, 0], 2)]).toEqual([0.5, 0]);
  expect([...withMeanOne(Float64Array.of(1, 3))]).toEqual([0.5, 1.5]);
  expect(() => withMeanOne(Float64Array.of(0, 0))).toThrow('All weights are 0');
});
