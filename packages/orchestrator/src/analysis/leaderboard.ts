import type { Params } from '../space/types.ts';
import type { TrialRow, TrialState } from '../store/types.ts';

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
}

/** @param ranked in the store's ranked order; `offset`: how many stand before the first of them. */
export function leaderboardRows(ranked: readonly TrialRow[], offset = 0): LeaderboardRow[] {
  return ranked.map((trial, index) => ({
    rank: trial.state === 'complete' ? offset + index + 1 : null,
    number: trial.number,
    state: trial.state,
    value: trial.value,
    params: trial.params,
    metrics: trial.metrics,
    duration_s: trial.durationSeconds,
    worker: trial.worker,
    attempts: trial.attempts,
  }));
}
