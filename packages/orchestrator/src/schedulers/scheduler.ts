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
}
