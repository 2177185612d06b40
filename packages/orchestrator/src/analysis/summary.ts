import type { BestTrial, Store, SweepRow, SweepState, TrialCounts } from '../store/types.ts';
import { hasSeveralMetrics } from './ranked-trials.ts';
import { sweepFront } from './sweep-front.ts';

/** A sweep in short, as `launch --json` and `list --json` print it. */
export interface SweepSummary {
  readonly sweep: string;
  readonly state: SweepState;
  readonly counts: TrialCounts;
  /** By the first metric, among those that keep the constraints. */
  readonly best: BestTrial | null;
  /** Only where the sweep has several metrics: the Pareto front, best in the first metric first. */
  readonly front?: ReadonlyArray<BestTrial & { readonly values: Readonly<Record<string, number>> }>;
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

/** With the front, for which the trials of a sweep with several metrics are read. */
export function summarizeWhole(store: Pick<Store, 'trials'>, sweep: SweepRow): SweepSummary {
  const summary = summarize(sweep);
  if (!hasSeveralMetrics(sweep.config)) return summary;
  const { trials, isFeasible } = sweepFront(sweep.config, store.trials(sweep.id, { states: ['complete'] }));
  const front = isFeasible
    ? trials.map(({ number, value, values, params }) => ({ number, value: value!, values: values!, params }))
    : [];
  return { ...summary, front };
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
