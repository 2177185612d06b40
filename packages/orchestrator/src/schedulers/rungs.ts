import { SortedLosses } from './sorted-losses.ts';

/**
 * The steps min·eta^k up to `max`, ascending. Multiplied up, not by a logarithm: log(243) / log(3) is 4.99…, which
 * would lose the last of 1, 3, 9, 27, 81, 243.
 * @param eta above 1; the steps are rounded down where it is not whole.
 */
export function rungsFrom(min: number, max: number, eta: number): number[] {
  const steps: number[] = [];
  for (let step = min; step <= max && step <= Number.MAX_SAFE_INTEGER; step *= eta)
    steps.push(Math.floor(step));
  return [...new Set(steps)];
}

/** The steps max/eta, max/eta², … rounded down, at most `count` of them and none below `min`; ascending. */
export function rungsBelow(max: number, min: number, eta: number, count: number): number[] {
  const steps: number[] = [];
  for (let step = max / eta; steps.length < count && Math.floor(step) >= min; step /= eta)
    steps.push(Math.floor(step));
  return [...new Set(steps)].reverse();
}

interface Entry {
  readonly loss: number;
  /** The step of the report; the rung's own, or the first one after it. */
  readonly step: number;
}

/** The losses with which trials crossed one step. */
export class Rung {
  readonly step: number;
  readonly losses = new SortedLosses();
  readonly #entries = new Map<number, Entry>();

  constructor(step: number) {
    this.step = step;
  }

  /**
   * @returns whether this report is the one that crosses the rung. A report of an earlier or the same step (a new
   * attempt, a correction) takes the place of the one before.
   */
  cross(number: number, step: number, loss: number): boolean {
    if (step < this.step) return false;
    const before = this.#entries.get(number);
    if (before !== undefined) {
      if (before.step < step) return false;
      this.losses.remove(before.loss);
    }
    this.#entries.set(number, { loss, step });
    this.losses.add(loss);
    return true;
  }

  has(number: number): boolean {
    return this.#entries.has(number);
  }

  lossOf(number: number): number | undefined {
    return this.#entries.get(number)?.loss;
  }
}

/** A trial that ended by itself counts at the rungs that it did not reach, with its last loss. */
export function crossTheRest(rungs: readonly Rung[], number: number, loss: number): void {
  for (const rung of rungs) if (!rung.has(number)) rung.cross(number, Number.MAX_SAFE_INTEGER, loss);
}
