import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs';
import type { Tf } from '../backends/tf.ts';
import { loadCheckpoint } from '../checkpoints/load-checkpoint.ts';
import { type OptimizerState, restoreOptimizer } from '../checkpoints/optimizer-state.ts';
import { saveCheckpoint } from '../checkpoints/save-checkpoint.ts';
import { InvalidMetricsError, type Metrics, readMetrics } from '../reports/read-metrics.ts';
import type { LoadedCheckpoint, ParamValue, TrainContext } from '../trainers/api.ts';
import { createTrialCallback } from '../trainers/trial-callback.ts';
import type { RunOrder } from './messages.ts';
import { pathInside } from './path-inside.ts';
import type { ReadyTrainer } from './trainer-library.ts';

export interface ContextParts {
  readonly order: RunOrder;
  readonly ready: ReadyTrainer;
  readonly tf: Tf;
  readonly signal: AbortSignal;
  log(line: string): void;
  /** @throws TrialStopped when the trial has to end */
  report(step: number, values: Metrics): Promise<void>;
  /** `path` is relative to the artifacts folder. */
  checkpointSaved(step: number, path: string): void;
}

type Context = TrainContext<Record<string, ParamValue>, Record<string, unknown>, unknown>;

/** What `train` is called with. */
export function createTrainContext(parts: ContextParts): Context {
  const { order, ready, tf, signal } = parts;
  const { job } = order;
  let loadedOptimizer: OptimizerState | null = null;
  const checkpoint = checkpointHere(parts);

  const load = async (): Promise<LoadedCheckpoint | null> => {
    if (checkpoint === null) return null;
    const stored = await loadCheckpoint(tf, checkpoint);
    loadedOptimizer = stored.optimizer;
    return { step: stored.step, model: stored.model, extra: stored.extra };
  };
  const save = async (step: number, model: LayersModel, extra?: unknown): Promise<void> => {
    const name = await saveCheckpoint(tf, order.runDir, {
      step: checkStep(step, 'checkpoint.save'),
      model,
      extra,
    });
    parts.checkpointSaved(step, `${order.runPath}/${name}`);
  };
  const report = async (step: number, values: unknown): Promise<void> => {
    const checked = checkStep(step, 'report');
    await parts.report(checked, readMetrics(values, `report(${checked}, …)`));
  };
  const begin = async (model: LayersModel): Promise<void> => {
    const state = loadedOptimizer;
    loadedOptimizer = null;
    if (state !== null && !(await restoreOptimizer(tf, model, state))) {
      parts.log(
        `The optimiser starts afresh: the ${state.className} of the checkpoint does not fit this model's.`,
      );
    }
  };
  const every = job.checkpointEvery;

  return {
    params: job.params,
    args: ready.args,
    data: ready.data,
    seed: job.seed,
    tf,
    signal,
    log: (line) => parts.log(line),
    get artifacts() {
      const folder = join(order.runDir, 'artifacts');
      mkdirSync(folder, { recursive: true });
      return folder;
    },
    pathOf: ready.pathOf,
    trial: { sweep: job.sweepName, number: job.trial, attempt: job.attempt, dir: order.runDir },
    budget: job.checkpoint !== null && checkpoint === null ? { ...job.budget, from: 0 } : job.budget,
    checkpoint: { load, save },
    report,
    callback: (options = {}) =>
      createTrialCallback(tf, {
        signal,
        begin,
        report,
        save: async (epoch, model) => {
          const isLast = epoch === job.budget.to || model.stopTraining;
          const due = every !== null && (epoch % every === 0 || isLast);
          if (due && options.checkpoint !== false) await save(epoch, model, options.extra?.());
        },
      }),
  };
}

/** Where the job's checkpoint lies; null: there is none, or it was saved on a host whose folder is not shared. */
function checkpointHere(parts: ContextParts): string | null {
  const { artifactsDir, job } = parts.order;
  const { checkpoint } = job;
  if (checkpoint === null) return null;
  const folder = pathInside(artifactsDir, checkpoint.path);
  if (existsSync(folder)) return folder;
  parts.log(
    `The checkpoint of step ${checkpoint.step} is not on this host: the training begins again at step 0.`,
  );
  return null;
}

function checkStep(step: unknown, caller: string): number {
  if (typeof step === 'number' && Number.isSafeInteger(step) && step >= 1) return step;
  throw new InvalidMetricsError(
    `${caller}: the step must be a whole number from 1 (finished steps), got ${String(step)}.`,
  );
}
