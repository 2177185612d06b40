import type { Tensor, Tensor1D } from '@tensorflow/tfjs';

import type { Task } from '../losses/index.ts';

export type { Task };

/** What a declarative trainer learns from: the same tensors for every trial of a process. */
export interface PreparedData {
  readonly task: Task;
  /** Of one sample: `[features]`, or height, width and channels. */
  readonly inputShape: readonly number[];
  /** Width of the last layer: classes, or 1. */
  readonly outputs: number;
  /** Names of the classes, in the order of the outputs (binary: what 0 and 1 stand for); none in a regression. */
  readonly classNames: readonly string[];
  /** Targets were divided by this (regression): errors are multiplied by it before they are reported. */
  readonly targetScale: number;
  /** The mean that was taken off them before that (regression); 0 otherwise. */
  readonly targetMean: number;
  /** How much each training sample counts, `[samples]`; null: all alike. */
  readonly sampleWeights: Tensor1D | null;
  readonly source: DataSource;
  readonly train: Part;
  readonly validation: Part;
}

/** multiclass: one-hot rows; binary: a column of 0 and 1; regression: a standardised column. */
export interface Part {
  readonly xs: Tensor;
  readonly ys: Tensor;
}

export type InputEncoding =
  /** (value - mean) / deviation, and `missing` for a value that is missing; a date counts in days since 1970. */
  | {
      readonly column: string;
      readonly kind: 'number';
      readonly missing: number;
      readonly mean: number;
      readonly deviation: number;
    }
  /** 1 for this text (null: a missing one), else 0. */
  | { readonly column: string; readonly kind: 'category'; readonly category: string | null }
  /** 1 where the value is missing, else 0. */
  | { readonly column: string; readonly kind: 'missing' };

/** Where data came from, for the record of a trial. */
export interface DataSource {
  readonly name: string;
  /** SHA-256 of the file, or files, in hex. */
  readonly sha256: string;
  readonly rows: { readonly training: number; readonly validation: number };
  /** Columns that are learnt from; none where samples are no rows. */
  readonly features: readonly string[];
  /** How each input of the network is made of a row, in order; none where samples are no rows. */
  readonly inputs: readonly InputEncoding[];
  /** What the outputs stand for: classes in order (binary: 0 and 1), or a number less `mean`, divided by `deviation`. */
  readonly target:
    | { readonly classes: readonly string[] }
    | { readonly mean: number; readonly deviation: number };
  /** What whoever reads the results should know of the data. */
  readonly notes: readonly string[];
}
