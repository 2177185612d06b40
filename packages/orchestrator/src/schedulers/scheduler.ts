/** One report, as a scheduler compares it. */
export interface LossReport {
  readonly number: number;
  readonly step: number;
  /** Lower is better; Infinity for NaN. */
  readonly loss: number;
}

/**
 * Decides from reports whether a trial goes on. Knows no time, file or Redis. It keeps its own state, which is made of
 * the reports and ends alone: replayed in the same order, they give the same decisions, and no report costs more than a
 * search in a sorted list, however many trials there are.
 */
export interface Scheduler {
  readonly name: string;
  /**
   * Takes in a report. A second one for the same step of a trial replaces the first; lower steps than before are a
   * new attempt.
   * @returns a reason when the trial should end here, null when it goes on.
   */
  onReport(report: LossReport): string | null;
  /**
   * A trial is over.
   * @param loss of a complete trial, its value as a loss; left out where nobody knows it.
   */
  onEnd(number: number, state: 'complete' | 'pruned' | 'failed' | 'stopped', loss?: number): void;
  /** Only of schedulers that pause trials instead of stopping them. */
  readonly promotion?: Promotion;
}

/** How a scheduler lets trials wait at rungs. A trial has to keep a checkpoint there, so that it can go on. */
export interface Promotion {
  /** The step at which a trial is to pause next; null: it trains to its end. */
  goal(number: number): number | null;
  /** A trial waits from now on. */
  pause(number: number): void;
  /**
   * The waiting trial that should go on now, null where none has earned it. Changes nothing.
   * @param isLast there is nothing else to do and no trial is complete: then the best of the highest rung goes on,
   *   however few it was compared with.
   */
  next(isLast: boolean): number | null;
  /** A waiting trial goes on. */
  resume(number: number): void;
}
