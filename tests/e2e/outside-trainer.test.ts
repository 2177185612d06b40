import { mkdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Playground } from './tfsweep.ts';

const TRAINER = `
import { defineTrainer } from '@tfsweep/worker/trainer';
import { offset } from 'offset-of-mine';

interface Params {
  learning_rate: number;
  units: number;
}

export default defineTrainer<Params, { rows: number }, { xs: unknown; ys: unknown }>({
  data({ args, tf }) {
    const xs = tf.linspace(0, 1, args.rows).reshape([args.rows, 1]);
    return { xs, ys: xs.mul(2).add(offset) };
  },
  async train({ params, data, tf, budget, callback }) {
    const model = tf.sequential();
    model.add(tf.layers.dense({ units: params.units, activation: 'relu', inputShape: [1] }));
    model.add(tf.layers.dense({ units: 1 }));
    model.compile({ optimizer: tf.train.adam(params.learning_rate), loss: 'meanSquaredError' });
    await model.fit(data.xs, data.ys, { epochs: budget.to, verbose: 0, callbacks: [callback()] });
  },
});
`;

it('runs a TypeScript trainer from a folder outside of the clone that has its own package.json and dependency', async () => {
  const playground = Playground.create();
  mkdirSync(`${playground.folder}/node_modules/offset-of-mine`, { recursive: true });
  playground.write('package.json', '{"name": "elsewhere", "private": true, "type": "module"}');
  playground.write(
    'node_modules/offset-of-mine/package.json',
    '{"name": "offset-of-mine", "type": "module", "main": "index.js"}',
  );
  playground.write('node_modules/offset-of-mine/index.js', 'export const offset = 0.5;\n');
  playground.write('train.ts', TRAINER);
  const sweep = playground.write(
    'sweep.yaml',
    `name: elsewhere
trainer: {module: ./train.ts, args: {rows: 64}}
method: random
seed: 1
metric: {name: loss, goal: minimize}
parameters:
  learning_rate: {distribution: log_uniform_values, min: 1.0e-3, max: 0.1}
  units: {min: 2, max: 8}
fidelity: {unit: epochs, min: 1, max: 3}
run_cap: 4
`,
  );
  const result = await playground.run(['launch', sweep, '--json', '--workers', '2']);
  expect(result).toMatchObject({ code: 0 });
  const summary = JSON.parse(result.stdout) as { best: { value: number }; backend: string };
  expect(summary).toMatchObject({ state: 'complete', counts: { complete: 4 } });
  expect(summary.best.value).toBeGreaterThanOrEqual(0);
  expect(summary.backend).not.toBe('');
}, 120_000);
