import type { ResolvedTrainerSpec } from '@tfsweep/orchestrator/protocol';
import type { Tf } from '../../backends/tf.ts';
import { loadTable } from '../../data/load-table.ts';
import { loadMnist } from '../../data/mnist.ts';
import type { PreparedData } from '../../data/prepared-data.ts';
import { createLoss, defaultLoss } from '../../losses/index.ts';
import { buildModel } from '../../models/build-model.ts';
import { DivergenceWatch } from '../../training/divergence.ts';
import { fit } from '../../training/fit.ts';
import { type AnyTrainer, defineTrainer, type ParamValue } from '../api.ts';
import { TrainerLoadError } from '../errors.ts';
import { LearningRate } from './learning-rate.ts';
import { Measurements } from './measurements.ts';
import { recordData } from './record-data.ts';
import { checkTask, dataPart } from './spec.ts';
import { Stopping } from './stopping.ts';
import { trainingWeights } from './training-weights.ts';
import { readTrialState, type TrialState } from './trial-state.ts';

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
    const { args: spec, data, tf, budget, checkpoint, seed, signal, log } = context;
    if (budget.unit !== 'epochs' && budget.to !== null) {
      throw new TrainerLoadError('A declarative trainer counts epochs: write `fidelity: {unit: epochs, …}`.');
    }
    const epochs = budget.to ?? spec.epochs;
    if (epochs === undefined)
      throw new TrainerLoadError('The trainer needs `epochs:`, or `fidelity: {unit: epochs, max: …}`.');
    await recordData(data.source, context);
    checkTask(spec, data.task);
    const lossSpec = spec.loss ?? defaultLoss(data.task);
    const loss = createLoss(tf, lossSpec, data.task);
    if (spec.loss === undefined) log(`The loss is ${lossSpec.type}, as the task is ${data.task}.`);
    const measurements = await Measurements.open(tf, spec.metrics, data, loss);
    const previous = await checkpoint.load();
    const state = readTrialState(previous?.extra);
    const model = previous?.model ?? buildModel(tf, spec.model, data);
    const learningRate = LearningRate.open(tf, spec, data, epochs, state);
    const { optimizer } = learningRate;
    // The loss is named because tfjs asks for one: the loop below has its own.
    model.compile({ optimizer, loss: 'meanSquaredError' });
    const { early_stopping: stoppingSpec } = spec;
    const stopping =
      stoppingSpec === undefined ? null : new Stopping(tf, model, stoppingSpec, state?.stopping ?? null);
    const extra = (): TrialState => ({ plateau: learningRate.state, stopping: stopping?.state ?? null });
    let reached = previous?.step ?? 0;
    const isAtEnd = (): boolean => stopping?.isOver === true || reached >= (spec.epochs ?? epochs);
    // What is validated is what a checkpoint holds: the weights that train lie in the optimizer's state meanwhile.
    const swapBack = async (): Promise<void> => optimizer.swapAverages(model);
    await fit(tf, {
      model,
      loss,
      train: data.train,
      weights: await trainingWeights(tf, spec, data, log),
      batchSize: spec.batch_size,
      from: reached,
      to: epochs,
      seed,
      divergence: new DivergenceWatch(spec.divergence_factor, divergenceAdvice(spec)),
      callbacks: [
        context.callback({ extra }),
        new tf.CustomCallback({ onTrainBegin: swapBack, onEpochEnd: swapBack }),
      ],
      evaluate: async (trained) => {
        reached = trained.epoch;
        optimizer.swapAverages(model);
        const measured = await measurements.ofEpoch(model, trained);
        await stopping?.endEpoch(trained.epoch, { loss: trained.loss, ...measured });
        if (isAtEnd()) stopping?.restore();
        return { ...measured, ...learningRate.endEpoch(measured.val_loss!) };
      },
      isOver: () => stopping?.isOver === true,
    });
    if (stopping?.isOver)
      log(`Nothing was gained for ${stoppingSpec!.patience + 1} epochs: over after ${reached}.`);
    // A trial that pauses at a rung goes on with the weights that it has, and nobody reads what a stopped one returns.
    if (!isAtEnd() || signal.aborted) return {};
    optimizer.swapAverages(model);
    const best = stopping?.restore() ?? {};
    return { ...best, ...(await measurements.ofModel(model, () => context.artifacts)) };
  },
}) as unknown as AnyTrainer;

function divergenceAdvice({ optimizer }: ResolvedTrainerSpec): string {
  const tries = [`a \`learning_rate\` below ${optimizer.learning_rate}`];
  if (optimizer.clip_norm === undefined) tries.push('`clip_norm: 1`');
  if (optimizer.schedule === undefined) tries.push('a `schedule` with a `warmup`');
  return `Try ${tries.join(', or ')}.`;
}

async function loadData(
  tf: Tf,
  { dataset, task }: DataArgs,
  pathOf: (path: string) => string,
): Promise<PreparedData> {
  if ('csv' in dataset) {
    const { csv, delimiter, ...request } = dataset;
    return loadTable(tf, {
      ...request,
      task,
      name: csv,
      path: pathOf(csv),
      format: { type: 'csv', delimiter },
    });
  }
  if ('jsonl' in dataset) {
    const { jsonl, ...request } = dataset;
    return loadTable(tf, { ...request, task, name: jsonl, path: pathOf(jsonl), format: { type: 'jsonl' } });
  }
  if (task !== undefined && task !== 'multiclass') {
    throw new TrainerLoadError(`mnist has ten classes: its task is multiclass, not ${task}.`);
  }
  return loadMnist(tf, dataset);
}
