import type { TrialRow } from '../../store/types.ts';
import { endedTrials, lossOf } from './ended-trials.ts';

/** What a search has spent: finished trials, steps trained in them, and seconds in which at least one of them ran. */
export type Effort = 'trials' | 'steps' | 'seconds';

/** The state of a search when a trial ended. */
export interface SearchPoint {
  readonly trials: number;
  readonly steps: number;
  readonly seconds: number;
  /** The best value of the complete trials so far that break no constraint; null before the first. */
  readonly best: number | null;
}

/**
 * Best so far against what it has cost, one point per finished trial (pruned and failed ones cost as well) in the order
 * in which they ended.
 */
export function searchCurve(trials: readonly TrialRow[], goal: 'minimize' | 'maximize'): SearchPoint[] {
  const ended = endedTrials(trials);
  const busySeconds = busyTime(ended);
  let steps = 0;
  let bestLoss = Number.POSITIVE_INFINITY;
  let best: number | null = null;
  return ended.map((trial, index) => {
    steps += trial.step;
    const loss = lossOf(trial, goal);
    if (loss < bestLoss) {
      bestLoss = loss;
      best = trial.value;
    }
    return { trials: index + 1, steps, seconds: busySeconds(trial.finishedAt!), best };
  });
}

/** The best value that a search had for this effort; null where it had none yet. */
export function bestWithin(curve: readonly SearchPoint[], effort: Effort, budget: number): number | null {
  let from = 0;
  let to = curve.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (curve[middle]![effort] <= budget) from = middle + 1;
    else to = middle;
  }
  return curve[from - 1]?.best ?? null;
}

/** Seconds, up to a moment, in which at least one of the trials ran: a pause of the sweep costs nothing. */
function busyTime(ended: readonly TrialRow[]): (until: number) => number {
  const spans = ended
    .map(({ startedAt, finishedAt }) => ({ from: startedAt ?? finishedAt!, to: finishedAt! }))
    .sort((a, b) => a.from - b.from);
  const merged: { from: number; to: number; before: number }[] = [];
  for (const { from, to } of spans) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to, before: last === undefined ? 0 : last.before + last.to - last.from });
  }
  return (until) => {
    let low = 0;
    let high = merged.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (merged[middle]!.from <= until) low = middle + 1;
      else high = middle;
    }
    const span = merged[low - 1];
    return span === undefined ? 0 : (span.before + Math.min(until, span.to) - span.from) / 1_000;
  };
}
