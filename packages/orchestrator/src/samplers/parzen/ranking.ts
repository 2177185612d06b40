import type { ObservedTrial } from '../sampler.ts';

/** Trials that a model may learn from, split by how good they are. Numbers ascend in both. */
export interface Split {
  readonly good: readonly number[];
  readonly bad: readonly number[];
}

export function isFinished({ state }: ObservedTrial): boolean {
  return state === 'complete' || state === 'pruned';
}

/**
 * The best `size(n)` of n finished trials against the rest. Running trials are bad, so that trials asked for meanwhile
 * keep away from them; failed ones are bad, because where a trainer fails it will fail again. Stopped ones, which a
 * person ended, say nothing.
 */
export function splitByRank(history: readonly ObservedTrial[], size: (finished: number) => number): Split {
  const finished = history.reduce((n, trial) => n + (isFinished(trial) ? 1 : 0), 0);
  const best = bestOf(history, size(finished));
  const bad: number[] = [];
  for (const trial of history) if (trial.state !== 'stopped' && !best.has(trial)) bad.push(trial.number);
  return { good: [...best].map(({ number }) => number).sort((a, b) => a - b), bad };
}

/** By insertion into a short list: `size` is at most a few dozen of thousands. */
function bestOf(history: readonly ObservedTrial[], size: number): Set<ObservedTrial> {
  const best: ObservedTrial[] = [];
  for (const trial of history) {
    if (!isFinished(trial)) continue;
    if (best.length === size) {
      if (size === 0 || compare(trial, best[size - 1]!) >= 0) continue;
      best.pop();
    }
    let at = best.length;
    while (at > 0 && compare(trial, best[at - 1]!) < 0) at--;
    best.splice(at, 0, trial);
  }
  return new Set(best);
}

/** Complete trials by loss; pruned ones after them, those that got further first. */
function compare(a: ObservedTrial, b: ObservedTrial): number {
  if (a.state !== b.state) return a.state === 'complete' ? -1 : 1;
  if (a.state === 'pruned' && a.step !== b.step) return b.step - a.step;
  const difference = (a.loss ?? Number.POSITIVE_INFINITY) - (b.loss ?? Number.POSITIVE_INFINITY);
  return Number.isNaN(difference) ? 0 : difference;
}
