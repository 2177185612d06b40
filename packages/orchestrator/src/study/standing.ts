import { paretoFront } from '../objectives/index.ts';
import type { TrialRecord } from './trial-record.ts';
import type { BestTrial } from './types.ts';

/** Who is best among the complete trials that keep the constraints. */
export class Standing {
  readonly #trials: readonly TrialRecord[];
  #best: TrialRecord | null = null;
  /** null: not worked out since the last trial. */
  #front: readonly BestTrial[] | null = null;

  constructor(trials: readonly TrialRecord[]) {
    this.#trials = trials;
  }

  add(trial: TrialRecord): void {
    if (trial.violation !== 0) return;
    this.#front = null;
    if (this.#best === null || order(trial, this.#best) < 0) this.#best = trial;
  }

  best(): BestTrial | null {
    return this.#best === null ? null : summarise(this.#best);
  }

  front(): readonly BestTrial[] {
    if (this.#front !== null) return this.#front;
    const feasible = this.#trials.filter(({ violation }) => violation === 0);
    const front = paretoFront(feasible.map(({ losses }) => losses!)).map((index) => feasible[index]!);
    this.#front = front.sort(order).map(summarise);
    return this.#front;
  }
}

/** By the first metric; of equals the earliest is the best, whichever was told first. */
function order(a: TrialRecord, b: TrialRecord): number {
  const [lossA, lossB] = [a.losses![0]!, b.losses![0]!];
  // Not a difference: that of two infinities is NaN.
  if (lossA === lossB) return a.number - b.number;
  return lossA < lossB ? -1 : 1;
}

function summarise({ number, value, values, params }: TrialRecord): BestTrial {
  return { number, value: value!, values: values!, params };
}
