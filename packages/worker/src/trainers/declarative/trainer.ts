import type { ResolvedTrainerSpec } from '@tfsweep/orchestrator/protocol';
import type { Tf } from '../../backends/tf.ts';
import { loadCsv } from '../../data/csv.ts';
import { loadMnist } from '../../data/mnist.ts';
import type { PreparedData } from '../../data/prepared-data.ts';
import { createLoss, defaultLoss } from '../../losses/index.ts';
import { fit } from '../../training/fit.ts';
import { type AnyTrainer, defineTrainer, type ParamValue } from '../api.ts';
import { TrainerLoadError } from '../errors.ts';
import { LearningRate } from './learning-rate.ts';
import { Measurements } from './measurements.ts';
import { buildModel } from './model.ts';
import { checkTask, dataPart } from './spec.ts';
import { trainingWeights } from './training-weights.ts';

type DataArgs = ReturnType<typeof dataPart>;

/**
 * Trains what a sweep file describes under `trainer:`. Its arguments are the spec itself, references resolved. Beside
 * what is measured after each epoch it returns `model_parameters`, the number of the model's weights.
 */
export const declarativeTrainer = defineTrainer<
  Record<string, ParamValue>,
  ResolvedTrainerSpec,
  PreparedData
>({
  data: ({ args, tf, pathOf }) => loadData(tf, dataPart(args), pathOf),

  async train(context) {
    const { args: spec, data, tf, budget, checkpoint, seed, log } = context;
    if (budget.unit !== 'epochs' && budget.to !== null) {
      throw new TrainerLoadError('A declarative trainer counts epochs: write `fidelity: {unit: epochs, …}`.');
    }
    const epochs = budget.to ?? spec.epochs;
    if (epochs === undefined)
      throw new TrainerLoadError('The trainer needs `epochs:`, or `fidelity: {unit: epochs, max: …}`.');
    checkTask(spec, data.task);
    const lossSpec = spec.loss ?? defaultLoss(data.task);
    const loss = createLoss(tf, lossSpec, data.task);
    if (spec.loss === undefined) log(`The loss is ${lossSpec.type}, as the task is ${data.task}.`);
    const measurements = await Measurements.open(tf, spec.metrics, data, loss);
    const previous = await checkpoint.load();
    const model = previous?.model ?? buildModel(tf, spec.model, data);
    const learningRate = LearningRate.open(tf, spec, data, epochs, previous?.extra);
    // The loss is named because tfjs asks for one: the loop below has its own.
    model.compile({ optimizer: learningRate.optimizer, loss: 'meanSquaredError' });
    await fit(tf, {
      model,
      loss,
      train: data.train,
      weights: await trainingWeights(tf, spec, data, log),
      batchSize: spec.batch_size,
      from: previous?.step ?? 0,
      to: epochs,
      seed,
      callbacks: [context.callback({ extra: () => learningRate.state })],
      evaluate: async (epoch) => {
        const measured = await measurements.ofEpoch(model, epoch);
        return { ...measured, ...learningRate.endEpoch(measured.val_loss!) };
      },
    });
    return await measurements.ofModel(model, () => context.artifacts);
  },
}) as unknown as AnyTrainer;

async function loadData(
  tf: Tf,
  { dataset, task }: DataArgs,
  pathOf: (path: string) => string,
): Promise<PreparedData> {
  if ('csv' in dataset) {
    const { csv, ...request } = dataset;
    return loadCsv(tf, { ...request, task, name: csv, path: pathOf(csv) });
  }
  if (task !== undefined && task !== 'multiclass') {
    throw new TrainerLoadError(`mnist has ten classes: its task is multiclass, not ${task}.`);
  }
  return loadMnist(tf, dataset);
}
