import type { BestTrial, SweepRow, SweepState, TrialCounts } from '../store/types.ts';

/** A sweep in short, as `launch --json` and `list --json` print it. */
export interface SweepSummary {
  readonly sweep: string;
  readonly state: SweepState;
  readonly counts: TrialCounts;
  readonly best: BestTrial | null;
  readonly wall_s: number;
  /** Trials that ran to an end (complete, pruned or failed) per second of wall time. */
  readonly trials_per_s: number;
  /** What trained its trials, most used first and joined by commas; null before the first start. */
  readonly backend: string | null;
}

export function summarize(sweep: SweepRow): SweepSummary {
  const { complete, pruned, failed } = sweep.counts;
  return {
    sweep: sweep.name,
    state: sweep.state,
    counts: sweep.counts,
    best: sweep.best,
    wall_s: round(sweep.wallSeconds),
    trials_per_s: sweep.wallSeconds > 0 ? round((complete + pruned + failed) / sweep.wallSeconds) : 0,
    backend: sweep.backends.length === 0 ? null : sweep.backends.join(', '),
  };
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
