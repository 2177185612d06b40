import { type RankedTrial as Ranked, rankTrials as rankByFronts } from '@tfsweep/orchestrator/analysis';
import { readNumber, type SweepView, type TrialState, type TrialView, type WireNumber } from '../wire.ts';

/** A row of the leaderboard in the page. An object is never changed: a changed trial is another object. */
export interface Trial extends Omit<TrialView, 'value' | 'lastValue' | 'values' | 'violation'> {
  readonly value: number | null;
  readonly lastValue: number | null;
  readonly values: Readonly<Record<string, number>> | null;
  readonly violation: number | null;
}

export type Goal = 'minimize' | 'maximize';

export type RankedTrial = Ranked<Trial>;

/** What the order of the leaderboard hangs on. */
export type SweepMetrics = Pick<SweepView, 'metric' | 'otherMetrics'>;

export interface CurvePoint {
  readonly number: number;
  readonly value: number;
  /** The best value of this trial and all that completed before it. */
  readonly best: number;
}

export function readTrial(view: TrialView): Trial {
  return {
    ...view,
    value: numberOrNull(view.value),
    lastValue: numberOrNull(view.lastValue),
    values:
      view.values &&
      Object.fromEntries(Object.entries(view.values).map(([name, value]) => [name, readNumber(value)])),
    violation: numberOrNull(view.violation),
  };
}

/** The value, or the last report of a trial that has none: what a table shows. */
export function shownValue(trial: Trial): number | null {
  return trial.value ?? trial.lastValue;
}

const CLASSES: Readonly<Record<TrialState, number>> = {
  complete: 0,
  pruned: 1,
  running: 2,
  queued: 3,
  paused: 4,
  stopped: 5,
  failed: 6,
};

/**
 * In the store's own order: complete by value, those that break a constraint behind them, pruned by the step they
 * reached, then all others by number; with several objectives the fronts come first, as everywhere else.
 */
export function rankTrials(trials: Iterable<Trial>, metrics: SweepMetrics): RankedTrial[] {
  const direction = metrics.metric.goal === 'minimize' ? 1 : -1;
  const ordered = [...trials].sort(
    (a, b) => CLASSES[a.state] - CLASSES[b.state] || compareWithin(a, b, direction) || a.number - b.number,
  );
  return rankByFronts(metrics, ordered);
}

function compareWithin(a: Trial, b: Trial, direction: number): number {
  if (a.state === 'complete') {
    return (
      ascending(a.violation ?? 0, b.violation ?? 0) ||
      ascending(keyOf(a.value, direction), keyOf(b.value, direction))
    );
  }
  if (a.state !== 'pruned') return 0;
  return b.step - a.step || ascending(keyOf(a.lastValue, direction), keyOf(b.lastValue, direction));
}

function keyOf(value: number | null, direction: number): number {
  return value === null ? Number.POSITIVE_INFINITY : direction * value;
}

/** Not a difference: that of two infinities is NaN. */
function ascending(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** One point per complete trial that keeps the constraints and has a finite value, in the order in which they ended. */
export function bestSoFar(trials: Iterable<Trial>, goal: Goal): CurvePoint[] {
  const complete = [...trials].filter(
    (trial) => trial.state === 'complete' && trial.violation === 0 && Number.isFinite(trial.value),
  );
  complete.sort((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0) || a.number - b.number);
  const better = goal === 'minimize' ? Math.min : Math.max;
  let best: number | null = null;
  return complete.map(({ number, value }) => {
    best = best === null ? value! : better(best, value!);
    return { number, value: value!, best };
  });
}

function numberOrNull(value: WireNumber | null): number | null {
  return value === null ? null : readNumber(value);
}
