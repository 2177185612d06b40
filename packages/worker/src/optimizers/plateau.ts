import type { ScheduleSpec } from '@tfsweep/orchestrator/protocol';

/** What has to be known to go on from a checkpoint. */
export interface PlateauState {
  readonly best: number | null;
  readonly waited: number;
  readonly factor: number;
}

/** Multiplies the learning rate by `factor` each time that the loss has made no progress for more than `patience` epochs. */
export class Plateau {
  readonly #schedule: Extract<ScheduleSpec, { type: 'plateau' }>;
  #state: PlateauState;

  constructor(schedule: Extract<ScheduleSpec, { type: 'plateau' }>, state: PlateauState | null = null) {
    this.#schedule = schedule;
    this.#state = state ?? { best: null, waited: 0, factor: 1 };
  }

  get state(): PlateauState {
    return this.#state;
  }

  /** After an epoch. @returns what the learning rate is multiplied by from now on */
  observe(loss: number): number {
    const { best, waited, factor } = this.#state;
    const { patience, threshold } = this.#schedule;
    if (best === null || loss < best * (1 - threshold)) this.#state = { best: loss, waited: 0, factor };
    else if (waited < patience) this.#state = { best, waited: waited + 1, factor };
    else this.#state = { best, waited: 0, factor: factor * this.#schedule.factor };
    return this.#state.factor;
  }
}
