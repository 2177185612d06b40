import type { ObservedTrial } from '../sampler.ts';
import { rungPoints, wholeRung } from './curve-steps.ts';

/** Trials that must have reached two rungs before their spreads are compared, not only their means. */
const ENOUGH = 4;
/** The scales are read off anew each time the trials have grown by this factor, so that between they stay the same. */
const GROWTH = 1.5;
const SMALLEST = 8;

interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** Losses of any rung on one scale. */
export interface RungScales {
  atRung(rung: number, loss: number): number;
  ofWhole(loss: number): number;
}

/**
 * Losses fall as training goes on, and only good trials are trained further. So each rung's losses are put on the scale
 * of the rung below by the trials that reached both: among those, mean and spread shall be the same. What is left for
 * the model is how trials change their order.
 */
export function rungScales(history: readonly ObservedTrial[], last: number): RungScales {
  const ended = history.filter(({ state }) => state === 'complete' || state === 'pruned');
  let size = SMALLEST;
  while (Math.ceil(size * GROWTH) <= ended.length) size = Math.ceil(size * GROWTH);
  const ladders = ended.slice(0, size).map((trial) => ladderOf(trial, last));
  const whole = wholeRung(last);
  const lines: Line[] = [];
  for (let rung = 0; rung <= whole; rung++) lines.push(lineFor(rung, ladders, lines));
  const apply = ({ slope, intercept }: Line, loss: number): number => intercept + slope * loss;
  return {
    atRung: (rung, loss) => apply(lines[Math.min(rung, whole - 1)]!, loss),
    ofWhole: (loss) => apply(lines[whole]!, loss),
  };
}

/** Finite losses by rung, the whole trial's at the end; holes where a rung has no report. */
function ladderOf(trial: ObservedTrial, last: number): readonly (number | undefined)[] {
  const ladder: (number | undefined)[] = [];
  for (const { rung, loss } of rungPoints(trial, last)) if (Number.isFinite(loss)) ladder[rung] = loss;
  if (trial.state === 'complete' && trial.loss !== null && Number.isFinite(trial.loss))
    ladder[wholeRung(last)] = trial.loss;
  return ladder;
}

function lineFor(
  rung: number,
  ladders: readonly (readonly (number | undefined)[])[],
  lines: readonly Line[],
): Line {
  const losses: number[] = [];
  const targets: number[] = [];
  for (const ladder of ladders) {
    const loss = ladder[rung];
    if (loss === undefined) continue;
    const below = rung - 1 - [...ladder.slice(0, rung)].reverse().findIndex((value) => value !== undefined);
    if (below < rung) {
      losses.push(loss);
      const { slope, intercept } = lines[below]!;
      targets.push(intercept + slope * ladder[below]!);
    } else if (rung === 0 || lines.every(({ slope }) => slope === 0)) losses.push(loss);
  }
  const from = moments(losses);
  if (targets.length === 0) {
    if (losses.length === 0) return lines.at(-1) ?? { slope: 0, intercept: 0 };
    const slope = from.deviation > 0 ? 1 / from.deviation : 1;
    return { slope, intercept: -slope * from.mean };
  }
  const to = moments(targets);
  const before = lines.findLast(({ slope }) => slope > 0)?.slope ?? 1;
  const slope =
    targets.length >= ENOUGH && from.deviation > 0 && to.deviation > 0
      ? to.deviation / from.deviation
      : before;
  return { slope, intercept: to.mean - slope * from.mean };
}

function moments(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0);
  return { mean, deviation: Math.sqrt(variance) };
}
