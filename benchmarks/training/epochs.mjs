// Trains one model on one backend: argv[2] is {backend, model, samples, epochs}; prints {ms, cpu_ms, loss, versions}.
// The first epoch warms up and is left out.
import { loadBackend } from '../../packages/worker/dist/backends/load-backend.js';
import { BATCH, CLASSES, MODELS } from './models.mjs';

const task = JSON.parse(process.argv[2] ?? '{}');
const { tf, versions } = await loadBackend(task.backend);
/** @type {{shape: number[], layers: (l: any) => any[]}} */
const { shape, layers } = MODELS[/** @type {keyof typeof MODELS} */ (task.model)];
const model = tf.sequential({
  layers: [...layers(tf.layers), tf.layers.dense({ units: CLASSES, activation: 'softmax' })],
});
model.compile({ optimizer: tf.train.adam(0.001), loss: 'categoricalCrossentropy' });
const xs = tf.randomUniform([task.samples, ...shape]);
const ys = tf.oneHot(tf.randomUniform([task.samples], 0, CLASSES, 'int32'), CLASSES);
/** @type {Array<{ms: number, cpu: number}>} */
const marks = [];
const { history } = await model.fit(xs, ys, {
  epochs: task.epochs + 1,
  batchSize: BATCH,
  shuffle: true,
  verbose: 0,
  callbacks: {
    onEpochEnd: () => {
      const { user, system } = process.cpuUsage();
      marks.push({ ms: performance.now(), cpu: (user + system) / 1000 });
    },
  },
});
const spans = marks.slice(1).map((mark, i) => ({
  ms: mark.ms - /** @type {{ms: number}} */ (marks[i]).ms,
  cpu: mark.cpu - /** @type {{cpu: number}} */ (marks[i]).cpu,
}));
process.stdout.write(
  JSON.stringify({
    ms: spans.map(({ ms }) => ms),
    cpu_ms: spans.map(({ cpu }) => cpu),
    loss: history.loss?.at(-1),
    versions,
  }),
);
