import type { CustomCallback, LayersModel } from '@tensorflow/tfjs';
import type { Tf } from '../backends/tf.ts';

export type { Tf } from '../backends/tf.ts';
export { TrialStopped } from './trial-stopped.ts';

export type ParamValue = string | number | boolean | null;
/** Metrics of a report, or the final ones: names to numbers. */
export type MetricValues = Readonly<Record<string, number>>;

export interface DataContext<Args> {
  /** `args` of the sweep file, its `$references` replaced. */
  readonly args: Args;
  /** TensorFlow.js with the backend that trains. */
  readonly tf: Tf;
  /** The absolute path of a file that lies beside or below the sweep file. */
  readonly pathOf: (relative: string) => string;
}

export interface TrainContext<Params, Args, Data> extends DataContext<Args> {
  readonly params: Params;
  /** What `data` returned: shared by all trials of this process, so leave its tensors alive. */
  readonly data: Data;
  /** 0 to 2^32-1; `Math.random` is seeded with it already. */
  readonly seed: number;
  /** Aborts when the trial has to end. */
  readonly signal: AbortSignal;
  /** A line for the trial's log. */
  readonly log: (line: string) => void;
  /** Absolute path of a folder for files that the trial leaves behind. */
  readonly artifacts: string;
  readonly trial: {
    /** The sweep's name. */
    readonly sweep: string;
    readonly number: number;
    /** 1 for the first run of the trial. */
    readonly attempt: number;
    /** Absolute path of the folder of this run. */
    readonly dir: string;
  };
  /** Train from step `from`, exclusive, to `to`; `to` is null where the sweep file sets no limit. */
  readonly budget: { readonly unit: 'epochs' | 'steps'; readonly from: number; readonly to: number | null };
  readonly checkpoint: {
    /** What to go on from; null: start afresh. Compile the model before you fit it. */
    readonly load: () => Promise<LoadedCheckpoint | null>;
    /**
     * Saves model, optimiser state and `extra` as of the finished step.
     * @param extra any JSON value
     */
    readonly save: (step: number, model: LayersModel, extra?: unknown) => Promise<void>;
  };
  /**
   * Sends the metrics of a finished step, counted from 1.
   * @throws TrialStopped when the trial has to end
   */
  readonly report: (step: number, values: MetricValues) => Promise<void>;
  /** For `model.fit`'s `callbacks`: reports each epoch, saves, and ends the training where the trial is stopped. */
  readonly callback: (options?: CallbackOptions) => CustomCallback;
}

export interface LoadedCheckpoint {
  readonly step: number;
  readonly model: LayersModel;
  readonly extra: unknown;
}

export interface CallbackOptions {
  /** Save as the sweep file's `checkpoints.every` says, and after the last epoch. @default true */
  readonly checkpoint?: boolean;
  /** What else a checkpoint keeps, as `extra` of `checkpoint.save`: any JSON value. */
  readonly extra?: () => unknown;
}

// biome-ignore lint/suspicious/noConfusingVoidType: a trainer without a return statement returns void
export type TrainResult = MetricValues | void;

export interface Trainer<Params, Args, Data> {
  /** Loads what all trials learn from, once per process and arguments. */
  data?(context: DataContext<Args>): Data | Promise<Data>;
  /** Trains one trial. Metrics that it returns stand above those that it reported. */
  train(context: TrainContext<Params, Args, Data>): TrainResult | Promise<TrainResult>;
}

/** Also known to another copy of this module: a symbol of the process, not of the file. */
const DEFINED = Symbol.for('tfsweep.trainer');

/** Makes a module's default export a trainer. */
export function defineTrainer<
  Params = Record<string, ParamValue>,
  Args = Record<string, unknown>,
  Data = undefined,
>(trainer: Trainer<Params, Args, Data>): Trainer<Params, Args, Data> {
  return Object.defineProperty({ ...trainer }, DEFINED, { value: true });
}

export type AnyTrainer = Trainer<Record<string, ParamValue>, Record<string, unknown>, unknown>;

export function isTrainer(value: unknown): value is AnyTrainer {
  return typeof value === 'object' && value !== null && DEFINED in value;
}
