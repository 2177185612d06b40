/** What `tfsweep init` writes: a sweep that runs as it is, to be changed. */
export function starterSweepYaml(name: string): string {
  return `# yaml-language-server: $schema=./tfsweep.schema.json
# A first sweep: which network fits a noisy curve best?
#   tfsweep validate sweep.yaml     says what is wrong with this file
#   tfsweep try sweep.yaml          trains one trial for one epoch, with full stacks
#   tfsweep launch sweep.yaml       runs the sweep
name: ${name}
seed: 1                                 # the same seed gives the same trials

trainer:
  module: ./train.ts                    # your code; every trial calls it with its params
  args: {rows: 512}                     # passed on as they are

metric: {name: val_loss, goal: minimize}   # what train.ts reports

method: bayes                           # bayes, random or grid
parameters:
  learning_rate: {distribution: log_uniform_values, min: 1.0e-4, max: 0.1, prior: 0.01}
  units: {values: [8, 16, 32, 64]}
  layers: {min: 1, max: 3}              # no decimal point: whole numbers
  activation: {values: [relu, tanh]}
  optimizer: {values: [adam, sgd]}
  momentum:                             # there only where the optimizer is sgd
    min: 0.0
    max: 0.95
    when: {optimizer: [sgd]}

fidelity: {unit: epochs, min: 3, max: 27}
early_terminate: {type: asha, eta: 3}   # ends trials that do badly after 3 and 9 epochs
run_cap: 20                             # trials in all
# budget: {wallclock: 10m, trial_wallclock: 2m, max_failed: 5}
`;
}

/** @param paramsInterface `export interface Params {…}`, as `tfsweep types` writes it. */
export function starterTrainer(paramsInterface: string): string {
  return `import { defineTrainer } from '@tfsweep/worker/trainer';
import type { Tensor } from '@tensorflow/tfjs';

${paramsInterface}
interface Args {
  rows: number;
}

interface Data {
  x: Tensor;
  y: Tensor;
}

export default defineTrainer<Params, Args, Data>({
  /** Runs once per worker process; what it returns is shared by all trials. Read files with \`pathOf('data.csv')\`. */
  data({ tf, args }) {
    const x = tf.linspace(-1, 1, args.rows).reshape([args.rows, 1]);
    const y = tf.sin(x.mul(4)).add(tf.randomNormal([args.rows, 1], 0, 0.1, 'float32', 1));
    return { x, y };
  },

  async train({ params, data, tf, budget, callback }) {
    const model = tf.sequential();
    for (let layer = 0; layer < params.layers; layer++) {
      const inputShape = layer === 0 ? { inputShape: [1] } : {};
      model.add(tf.layers.dense({ units: params.units, activation: params.activation, ...inputShape }));
    }
    model.add(tf.layers.dense({ units: 1 }));

    const optimizer =
      params.optimizer === 'adam'
        ? tf.train.adam(params.learning_rate)
        : tf.train.momentum(params.learning_rate, params.momentum ?? 0);
    model.compile({ optimizer, loss: 'meanSquaredError' });

    // The callback reports every epoch (loss, val_loss) and ends the training where tfsweep asks for it.
    await model.fit(data.x, data.y, {
      initialEpoch: budget.from,
      epochs: budget.to ?? 10,
      validationSplit: 0.25,
      shuffle: true,
      verbose: 0,
      callbacks: [callback()],
    });
  },
});
`;
}

/**
 * Lets an editor find the trainer's types.
 * @param typesPath path of the trainer API's types, relative to the folder; null where the editor finds them by itself
 * @param tfjsPath likewise for `@tensorflow/tfjs`
 */
export function starterTsconfig(typesPath: string | null, tfjsPath: string | null): string {
  const paths = {
    ...(typesPath === null ? {} : { '@tfsweep/worker/trainer': [typesPath] }),
    ...(tfjsPath === null ? {} : { '@tensorflow/tfjs': [tfjsPath] }),
  };
  const compilerOptions = {
    target: 'es2023',
    lib: ['es2023', 'dom'],
    module: 'esnext',
    moduleResolution: 'bundler',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    ...(Object.keys(paths).length === 0 ? {} : { paths }),
  };
  return `${JSON.stringify({ compilerOptions, include: ['*.ts'] }, null, 2)}\n`;
}
