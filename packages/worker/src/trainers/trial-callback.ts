import { setImmediate } from 'node:timers/promises';
import type { CustomCallback, LayersModel } from '@tensorflow/tfjs';
import type { Tf } from '../backends/tf.ts';
import { normaliseMetricNames } from '../reports/read-metrics.ts';
import { TrialStopped } from './trial-stopped.ts';

/** What the callback does with a trial; the model is the one in training. */
export interface TrialHooks {
  readonly signal: AbortSignal;
  /** Before the first step. */
  begin(model: LayersModel): Promise<void>;
  /** @throws TrialStopped when the trial has to end */
  report(epoch: number, values: Record<string, unknown>): Promise<void>;
  /** After the report of an epoch. */
  save(epoch: number, model: LayersModel): Promise<void>;
}

/** A callback for `model.fit` that ties a training to its trial. A stop ends the training within one batch. */
export function createTrialCallback(tf: Tf, hooks: TrialHooks): CustomCallback {
  class TrialCallback extends tf.CustomCallback {
    #model: LayersModel | null = null;

    constructor() {
      super({
        // tfjs counts epochs from 0, `initialEpoch` included; steps count finished epochs.
        onEpochEnd: (epoch, logs) => this.#endEpoch(epoch + 1, logs ?? {}),
      });
    }

    override setModel(model: unknown): void {
      this.#model = model as LayersModel;
    }

    override async onTrainBegin(logs?: Parameters<CustomCallback['onTrainBegin']>[0]): Promise<void> {
      await super.onTrainBegin(logs);
      if (this.#model !== null) await hooks.begin(this.#model);
    }

    override async onBatchEnd(
      batch: number,
      logs?: Parameters<CustomCallback['onBatchEnd']>[1],
    ): Promise<void> {
      await super.onBatchEnd(batch, logs);
      // Wasm and native steps never leave the loop by themselves: without this no message would be read.
      await setImmediate();
      if (hooks.signal.aborted) this.#stop();
    }

    async #endEpoch(epoch: number, logs: Record<string, unknown>): Promise<void> {
      if (hooks.signal.aborted) return this.#stop();
      try {
        await hooks.report(epoch, normaliseMetricNames(logs));
        if (this.#model !== null) await hooks.save(epoch, this.#model);
      } catch (error) {
        if (!(error instanceof TrialStopped)) throw error;
        this.#stop();
      }
    }

    #stop(): void {
      if (this.#model !== null) this.#model.stopTraining = true;
    }
  }
  return new TrialCallback();
}
