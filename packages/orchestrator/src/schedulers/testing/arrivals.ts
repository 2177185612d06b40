import type { Rng } from '../../study/rng.ts';
import type { Scheduler } from '../scheduler.ts';

/** One report as it arrived, and what was said of it. */
export interface Arrival {
  readonly number: number;
  readonly step: number;
  readonly loss: number;
  readonly stop: boolean;
}

/** Curves of trials that get better with every step, to levels that differ; two of them may be equal. */
export function randomCurves(rng: Rng, trials: number, steps: number): number[][] {
  return Array.from({ length: trials }, () => {
    const level = Math.round(rng.next() * 20) / 20;
    return Array.from({ length: steps }, (_, i) => level + 1 / (i + 1) + Math.round(rng.next() * 4) / 10);
  });
}

/**
 * Trains `inFlight` trials at once, whose reports arrive in random order, until all are over.
 * @returns all reports in the order of their arrival.
 */
export function trainShuffled(
  scheduler: Scheduler,
  curves: readonly (readonly number[])[],
  inFlight: number,
  rng: Rng,
): Arrival[] {
  const arrivals: Arrival[] = [];
  const open: Array<{ number: number; reported: number }> = [];
  let next = 0;
  while (next < curves.length || open.length > 0) {
    while (next < curves.length && open.length < inFlight) open.push({ number: next++, reported: 0 });
    const at = Math.floor(rng.next() * open.length);
    const trial = open[at]!;
    const curve = curves[trial.number]!;
    const step = ++trial.reported;
    const loss = curve[step - 1]!;
    const stop = scheduler.onReport({ number: trial.number, step, loss }) !== null;
    arrivals.push({ number: trial.number, step, loss, stop });
    if (!stop && step < curve.length) continue;
    scheduler.onEnd(trial.number, stop ? 'pruned' : 'complete', loss);
    open.splice(at, 1);
  }
  return arrivals;
}
