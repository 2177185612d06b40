import { contains } from '../space/axis.ts';
import { admits } from '../space/conditions.ts';
import { multiplesWithin } from '../space/levels.ts';
import type { Condition, Distribution, ParamValue } from '../space/types.ts';

/** Whether numbers can come out of it at all, so that `{ge: …}` means something. */
export function isNumeric(distribution: Distribution): boolean {
  if (distribution.kind === 'constant') return typeof distribution.value === 'number';
  if (distribution.kind === 'categorical')
    return distribution.choices.some((choice) => typeof choice === 'number');
  return true;
}

/** Whether some value of the distribution fulfils the bounds. A normal distribution has no ends, so one always does. */
export function canFulfil(distribution: Distribution, condition: Condition): boolean {
  return (
    distribution.kind === 'normal' ||
    representatives(distribution, [condition]).some((value) => admits(condition, value))
  );
}

/**
 * Values that stand for all others: the extremes and every choice, and for what conditions ask of the parameter values
 * on both sides of each bound. A normal distribution is shown by its middle: it has no ends.
 */
export function representatives(
  distribution: Distribution,
  asked: readonly Condition[],
): readonly ParamValue[] {
  if (distribution.kind === 'constant') return [distribution.value];
  if (distribution.kind === 'categorical') return distribution.choices;
  const bounds = asked.flatMap(numbersIn);
  const numbers = new Set<number>([...extremes(distribution), ...bounds]);
  // The middles between neighbours lie inside every interval that the bounds cut.
  const sorted = [...numbers].sort((a, b) => a - b);
  for (const [i, value] of sorted.entries()) if (i > 0) numbers.add((value + sorted[i - 1]!) / 2);
  if (distribution.kind === 'normal') for (const bound of bounds) numbers.add(bound - 1).add(bound + 1);
  const step = distribution.step;
  const snapped =
    step === undefined ? [...numbers] : [...numbers].flatMap((value) => neighbours(value, step));
  return [...new Set(snapped)].filter((value) => contains(distribution, value));
}

function numbersIn(condition: Condition): number[] {
  const all =
    condition.kind === 'in' ? condition.values : [condition.ge, condition.gt, condition.le, condition.lt];
  return all.filter((value) => typeof value === 'number');
}

/** The multiples of the quantum at a value and next to it on both sides. */
function neighbours(value: number, step: number): readonly number[] {
  const levels = multiplesWithin(value - 1.5 * step, value + 1.5 * step, step);
  return Array.from({ length: levels.count }, (_, i) => levels.at(i));
}

function extremes(
  distribution: Exclude<Distribution, { kind: 'constant' | 'categorical' }>,
): readonly number[] {
  if (distribution.kind === 'normal') return [distribution.log ? Math.exp(distribution.mu) : distribution.mu];
  if (distribution.step === undefined) return [distribution.low, distribution.high];
  const levels = multiplesWithin(distribution.low, distribution.high, distribution.step);
  return [levels.at(0), levels.at(levels.count - 1)];
}
