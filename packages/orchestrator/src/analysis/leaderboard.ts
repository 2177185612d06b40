import type { Params } from '../space/types.ts';
import type { TrialState } from '../store/types.ts';
import type { RankedTrial } from './ranked-trials.ts';

/** A line of the leaderboard, as `leaderboard --json` prints it. */
export interface LeaderboardRow {
  /** 1..n of the complete trials; null for all others. */
  readonly rank: number | null;
  readonly number: number;
  readonly state: TrialState;
  readonly value: number | null;
  readonly params: Params;
  readonly metrics: Readonly<Record<string, number>>;
  readonly duration_s: number | null;
  readonly worker: string | null;
  readonly attempts: number;
  /** The rest where the sweep has several metrics: all of them after reduction, null unless complete. */
  readonly values?: Readonly<Record<string, number>> | null;
  /** Whether it keeps the constraints; null unless complete. */
  readonly feasible?: boolean | null;
  /** 1: on the Pareto front; null unless complete and feasible, and where there is one objective. */
  readonly front?: number | null;
}

export function leaderboardRows(
  ranked: readonly RankedTrial[],
  options: { readonly severalMetrics: boolean },
): LeaderboardRow[] {
  return ranked.map(({ trial, rank, front }) => ({
    rank,
    number: trial.number,
    state: trial.state,
    value: trial.value,
    params: trial.params,
    metrics: trial.metrics,
    duration_s: trial.durationSeconds,
    worker: trial.worker,
    attempts: trial.attempts,
    ...(options.severalMetrics
      ? {
          values: trial.values,
          feasible: trial.violation === null ? null : trial.violation === 0,
          front,
        }
      : {}),
  }));
}
