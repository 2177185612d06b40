// Hyperparameter search inside a web page: TensorFlow.js trains, tfsweep chooses, nothing leaves the browser.
//   pnpm example:browser
// opens it on a local port. `?trials=30` and `?seed=3` change what is run.
import * as tf from '@tensorflow/tfjs';
import {
  choice,
  createStudy,
  float,
  int,
  type ParamsOf,
  type TrialContext,
  when,
} from '@tfsweep/orchestrator/study';
import { moons } from './moons.ts';

const EPOCHS = 9;
const query = new URLSearchParams(location.search);
const trials = Number(query.get('trials') ?? 20);
const seed = Number(query.get('seed') ?? 1);

const parameters = {
  units: int(4, 64, { log: true }),
  rate: float(1e-3, 1, { log: true, prior: 0.03 }),
  optimizer: choice(['adam', 'sgd']),
  momentum: when({ optimizer: 'sgd' }, float(0, 0.95)),
};
type Params = ParamsOf<typeof parameters>;

const study = createStudy({
  parameters,
  metric: { goal: 'minimize' },
  scheduler: { type: 'asha' },
  maxStep: EPOCHS,
  seed,
});

await tf.setBackend('cpu');
const train = moons(256, 1);
const validation = moons(128, 2);

/** Trains one network. `report` throws where the search ends the trial, which ends `fit` as well. */
async function objective(
  { units, rate, optimizer, momentum = 0 }: Params,
  { report }: TrialContext,
): Promise<void> {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [2], units, activation: 'relu', kernelInitializer: init(1) }),
      tf.layers.dense({ units: 1, activation: 'sigmoid', kernelInitializer: init(2) }),
    ],
  });
  model.compile({
    optimizer: optimizer === 'adam' ? tf.train.adam(rate) : tf.train.momentum(rate, momentum),
    loss: 'binaryCrossentropy',
  });
  try {
    await model.fit(train.x, train.y, {
      epochs: EPOCHS,
      batchSize: 32,
      validationData: [validation.x, validation.y],
      verbose: 0,
      callbacks: {
        onEpochEnd: async (epoch, logs) => {
          // Short epochs follow each other without a pause: the page would not be drawn, and no click be heard.
          await tf.nextFrame();
          report(epoch + 1, logs?.val_loss ?? Number.NaN);
        },
      },
    });
  } finally {
    model.dispose();
  }
}

function init(salt: number): ReturnType<typeof tf.initializers.glorotUniform> {
  return tf.initializers.glorotUniform({ seed: seed * 10 + salt });
}

const best = element('best');
const stop = new AbortController();
element('stop').addEventListener('click', () => stop.abort());

try {
  await study.optimize(objective, {
    trials,
    signal: stop.signal,
    onTrial: ({ number, state, value, params, reports }) => {
      const row = document.createElement('tr');
      row.dataset.state = state;
      for (const text of [number, state, shown(value), reports.length, settings(params)]) {
        row.insertCell().textContent = String(text);
      }
      element('trials').prepend(row);
      showBest('running');
    },
  });
  showBest('done');
} catch (error) {
  if (!stop.signal.aborted) throw error;
  showBest('stopped');
}

function showBest(state: 'running' | 'done' | 'stopped'): void {
  const found = study.best();
  best.dataset.state = state;
  best.textContent =
    found === null
      ? 'No trial is complete yet.'
      : `${study.trials().length} of ${trials} trials, best so far: ${shown(found.value)} in trial ${found.number} (${settings(found.params)})`;
}

function settings(params: Params): string {
  return Object.entries(params)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? Number(value.toPrecision(3)) : value}`)
    .join(', ');
}

function shown(value: number | null): string {
  return value === null ? '' : value.toFixed(4);
}

function element(id: string): HTMLElement {
  return document.getElementById(id)!;
}
