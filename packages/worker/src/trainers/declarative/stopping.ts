import type { LayersModel } from '@tensorflow/tfjs';
import { type EarlyStoppingSpec, isBetterWhenSmaller } from '@tfsweep/orchestrator/protocol';
import type { Tf } from '../../backends/tf.ts';
import { EarlyStopping } from '../../training/early-stopping.ts';
import { decodeWeights, encodeWeights, readWeights, writeWeights } from '../../training/kept-weights.ts';
import type { TrialState } from './trial-state.ts';

type Metrics = Readonly<Record<string, number>>;

/** Ends a trial that makes no more progress, and brings its best weights back. */
export class Stopping {
  readonly #tf: Tf;
  readonly #model: LayersModel;
  readonly #spec: EarlyStoppingSpec;
  readonly #progress: EarlyStopping;
  #kept: { readonly weights: Float32Array; readonly metrics: Metrics } | null;

  constructor(tf: Tf, model: LayersModel, spec: EarlyStoppingSpec, state: TrialState['stopping']) {
    this.#tf = tf;
    this.#model = model;
    this.#spec = spec;
    this.#progress = new EarlyStopping(
      {
        patience: spec.patience,
        minDelta: spec.min_delta,
        isBetterWhenSmaller: isBetterWhenSmaller(spec.metric),
      },
      state?.progress ?? null,
    );
    const kept = state?.kept ?? null;
    this.#kept = kept === null ? null : { ...kept, weights: decodeWeights(kept.weights) };
  }

  get isOver(): boolean {
    return this.#progress.isOver;
  }

  get state(): TrialState['stopping'] {
    const kept = this.#kept;
    return {
      progress: this.#progress.state,
      kept: kept === null ? null : { weights: encodeWeights(kept.weights), metrics: kept.metrics },
    };
  }

  /** With the weights that were validated still in the model. */
  async endEpoch(epoch: number, metrics: Metrics): Promise<void> {
    const isBest = this.#progress.observe(metrics[this.#spec.metric] ?? Number.NaN, epoch);
    if (isBest && this.#spec.restore_best) {
      this.#kept = { weights: await readWeights(this.#model), metrics: finite(metrics) };
    }
  }

  /** At the end of the training. @returns the metrics of the epoch whose weights are in the model now; none: the last */
  restore(): Metrics {
    if (this.#kept === null) return {};
    writeWeights(this.#tf, this.#model, this.#kept.weights);
    return this.#kept.metrics;
  }
}

/** JSON has no others. */
function finite(metrics: Metrics): Metrics {
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)));
}
