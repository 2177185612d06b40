import type { ResolvedTrainerSpec } from '@tfsweep/orchestrator/protocol';
import type { Tf } from '../../backends/tf.ts';
import type { PreparedData } from '../../data/prepared-data.ts';
import { createOptimizer, Plateau, type SteppingOptimizer } from '../../optimizers/index.ts';
import type { TrialState } from './trial-state.ts';

/** The optimizer of a trial, and what moves its learning rate between epochs. */
export class LearningRate {
  readonly optimizer: SteppingOptimizer;
  readonly #plateau: Plateau | null;
  readonly #moves: boolean;

  /** @param state what `state` was at the checkpoint that the trial goes on from, if any */
  static open(
    tf: Tf,
    spec: ResolvedTrainerSpec,
    data: PreparedData,
    epochs: number,
    state: TrialState | null,
  ): LearningRate {
    const batches = Math.ceil(data.train.xs.shape[0]! / spec.batch_size);
    const optimizer = createOptimizer(tf, spec.optimizer, {
      stepsPerEpoch: Math.ceil(batches / spec.optimizer.accumulate),
      // Of the whole training: a trial that pauses at a rung has the schedule of one that does not.
      epochs: spec.epochs ?? epochs,
    });
    const { schedule } = spec.optimizer;
    const plateau = schedule?.type === 'plateau' ? new Plateau(schedule, state?.plateau ?? null) : null;
    if (plateau !== null) optimizer.scale = plateau.state.factor;
    return new LearningRate(optimizer, plateau, schedule !== undefined);
  }

  private constructor(optimizer: SteppingOptimizer, plateau: Plateau | null, moves: boolean) {
    this.optimizer = optimizer;
    this.#plateau = plateau;
    this.#moves = moves;
  }

  /** For a checkpoint. */
  get state(): TrialState['plateau'] {
    return this.#plateau?.state ?? null;
  }

  /** @returns the learning rate that the epoch ended with, to be reported where it moves */
  endEpoch(validationLoss: number): Record<string, number> {
    const { learningRate } = this.optimizer;
    if (this.#plateau !== null) this.optimizer.scale = this.#plateau.observe(validationLoss);
    return this.#moves ? { learning_rate: learningRate } : {};
  }
}
