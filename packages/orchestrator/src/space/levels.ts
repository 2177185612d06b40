/** Finitely many values, by index: a range of 10^12 integers takes no more room than three. */
export interface Levels<T> {
  readonly count: number;
  /** 0 <= index < count. */
  at(index: number): T;
  has(value: unknown): boolean;
}

/**
 * k·step, without the dust of binary fractions: 3 · 0.1 is 0.3. Fifteen digits are what every decimal keeps through a
 * double.
 */
export function multiple(k: number, step: number): number {
  const value = k * step;
  // `+ 0` turns -0 into 0: the two would be one grid point with two spellings.
  return (Number.isInteger(step) ? value : Number(value.toPrecision(15))) + 0;
}

/** Where a bound lies on a multiple but for rounding (0.7 / 0.1 = 6.999…), it counts as that multiple. */
const ROUNDING = 1e-9;

/** The multiples of `step` in [low, high], ascending; count 0 where there are none. */
export function multiplesWithin(
  low: number,
  high: number,
  step: number,
): Levels<number> & { readonly first: number } {
  const first = snapped(low / step, Math.ceil);
  const last = snapped(high / step, Math.floor);
  return {
    first,
    count: Math.max(0, last - first + 1),
    at: (index) => multiple(first + index, step),
    has: (value) => {
      if (typeof value !== 'number') return false;
      const k = Math.round(value / step);
      return k >= first && k <= last && multiple(k, step) === value;
    },
  };
}

function snapped(ratio: number, round: (x: number) => number): number {
  const nearest = Math.round(ratio);
  return Math.abs(ratio - nearest) < ROUNDING ? nearest : round(ratio);
}

export function isMultiple(value: number, step: number): boolean {
  return multiple(Math.round(value / step), step) === value;
}

export function listed<T>(values: readonly T[]): Levels<T> {
  const members = new Set<unknown>(values);
  return { count: values.length, at: (index) => values[index]!, has: (value) => members.has(value) };
}
