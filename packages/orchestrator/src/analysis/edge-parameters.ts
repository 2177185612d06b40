import type { Distribution, Params, Space } from '../space/types.ts';

export interface EdgeParameter {
  readonly name: string;
  readonly value: number;
  readonly edge: 'bottom' | 'top';
  /** The first or last value of the range. */
  readonly bound: number;
}

/** A continuous value counts as at an end within this share of the range (of its logarithm where `log`). */
const NEAR = 0.01;

/** With fewer values than this, an end is no surprise. */
const FEWEST_VALUES = 4;

/** Parameters whose value lies at an end of its range: a better one may lie beyond. */
export function edgeParameters(space: Space, params: Params): EdgeParameter[] {
  return space.flatMap(({ name, distribution }): EdgeParameter[] => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    const range = rangeOf(distribution);
    if (range === null || typeof value !== 'number') return [];
    const { low, high, log } = range;
    const scale = log ? Math.log : (x: number): number => x;
    const position = (scale(value) - scale(low)) / (scale(high) - scale(low));
    const near = range.isDiscrete ? 1e-9 : NEAR;
    if (position <= near) return [{ name, value, edge: 'bottom', bound: low }];
    if (position >= 1 - near) return [{ name, value, edge: 'top', bound: high }];
    return [];
  });
}

interface Range {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly isDiscrete: boolean;
}

/** The first and the last value that can be drawn; null where there are no bounds, or too few values to speak of. */
function rangeOf(distribution: Distribution): Range | null {
  if (distribution.kind === 'categorical') {
    const { choices, ordered } = distribution;
    const [low, high] = [choices[0], choices.at(-1)];
    if (!ordered || choices.length < FEWEST_VALUES || typeof low !== 'number' || typeof high !== 'number')
      return null;
    return { low, high, log: false, isDiscrete: true };
  }
  if (distribution.kind !== 'float' && distribution.kind !== 'int') return null;
  const { step, log } = distribution;
  if (step === undefined) {
    const { low, high } = distribution;
    return low < high ? { low, high, log, isDiscrete: false } : null;
  }
  // The tolerance keeps 0.3 / 0.1 from losing its last multiple to rounding.
  const first = Math.ceil(distribution.low / step - 1e-9);
  const last = Math.floor(distribution.high / step + 1e-9);
  if (last - first + 1 < FEWEST_VALUES) return null;
  return { low: first * step, high: last * step, log: log && first > 0, isDiscrete: true };
}
