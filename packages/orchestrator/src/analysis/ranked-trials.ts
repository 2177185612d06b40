import { nondominatedRanks } from '../objectives/index.ts';
import type { Store, SweepRow, TrialQuery, TrialRow } from '../store/types.ts';
import { metricValue } from './metric-value.ts';

/** What a ranking looks at. */
export type RankableTrial = Pick<TrialRow, 'number' | 'state' | 'value' | 'values' | 'violation'>;

/** Names and goals; what has no goal is a constraint. */
export interface RankingMetrics {
  readonly metric: { readonly name: string; readonly goal: 'minimize' | 'maximize' };
  readonly otherMetrics: ReadonlyArray<{ readonly name: string; readonly goal?: 'minimize' | 'maximize' }>;
}

export interface RankedTrial<T = TrialRow> {
  readonly trial: T;
  /** 1..n of the complete trials, those that break a constraint last; null for all others. */
  readonly rank: number | null;
  /**
   * Of feasible trials with several objectives: 1 on the Pareto front, 2 on what is the front without those, and so on;
   * else null.
   */
  readonly front: number | null;
}

/** Whether there is more to say of a trial than one number. */
export function hasSeveralMetrics({ otherMetrics }: Pick<RankingMetrics, 'otherMetrics'>): boolean {
  return otherMetrics.length > 0;
}

/**
 * The order of the leaderboard: complete trials that keep the constraints, by nondominated front, then by the first
 * metric; then what the store puts behind them.
 * @param ordered in the store's ranked order, from the first on.
 */
export function rankTrials<T extends RankableTrial>(
  metrics: RankingMetrics,
  ordered: readonly T[],
): RankedTrial<T>[] {
  const objectives = [metrics.metric, ...metrics.otherMetrics].filter(({ goal }) => goal !== undefined);
  if (objectives.length === 1) return numbered(ordered, 0);
  const feasible = ordered.filter(({ state, violation }) => state === 'complete' && violation === 0);
  const losses = feasible.map((trial) =>
    objectives.map(({ name, goal }) => {
      const value = metricValue(trial, metrics, name);
      if (value === null) return Number.POSITIVE_INFINITY;
      return goal === 'maximize' ? -value : value;
    }),
  );
  const fronts = nondominatedRanks(losses);
  // The store's order is by the first metric, and a stable sort keeps it within a front.
  const order = feasible.map((_, i) => i).sort((a, b) => fronts[a]! - fronts[b]!);
  return [
    ...order.map((i, place) => ({ trial: feasible[i]!, rank: place + 1, front: fronts[i]! + 1 })),
    ...numbered(ordered.slice(feasible.length), feasible.length),
  ];
}

/** The leaderboard of a stored sweep, or a page of it. */
export function rankedTrials(
  store: Pick<Store, 'trials'>,
  { id, config }: Pick<SweepRow, 'id' | 'config'>,
  { states, limit, offset = 0 }: Omit<TrialQuery, 'ranked'> = {},
): RankedTrial[] {
  const chosen = states === undefined ? {} : { states };
  if (config.otherMetrics.every((metric) => !('goal' in metric))) {
    const rows = store.trials(id, {
      ...chosen,
      ranked: true,
      offset,
      ...(limit === undefined ? {} : { limit }),
    });
    return numbered(rows, offset);
  }
  // Who dominates whom is decided among all.
  const ranked = rankTrials(config, store.trials(id, { ...chosen, ranked: true }));
  return ranked.slice(offset, limit === undefined ? undefined : offset + limit);
}

function numbered<T extends RankableTrial>(ordered: readonly T[], before: number): RankedTrial<T>[] {
  return ordered.map((trial, index) => ({
    trial,
    rank: trial.state === 'complete' ? before + index + 1 : null,
    front: null,
  }));
}
