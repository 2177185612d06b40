import { isMultiple, multiple, multiplesWithin } from './levels.ts';
import type { Distribution, ParamValue } from './types.ts';

/**
 * How a model sees a parameter: either unordered choices, or numbers on the scale on which distances count (the
 * logarithm, where the distribution is logarithmic).
 */
export type Axis = ChoiceAxis | NumericAxis;

export interface ChoiceAxis {
  readonly kind: 'choices';
  readonly values: readonly ParamValue[];
  /** Sum to 1. */
  readonly probabilities: readonly number[];
  /** -1 for no choice of this axis. */
  indexOf(value: ParamValue): number;
}

export interface NumericAxis {
  readonly kind: 'numeric';
  /** Ends of the axis, half a quantum beyond the outermost values; infinite for the normal distributions. */
  readonly low: number;
  readonly high: number;
  /** Of the distribution itself where it is normal; else the middle and the length of the axis. */
  readonly mean: number;
  readonly spread: number;
  /** The length that holds nearly everything: what bandwidths are measured against. */
  readonly span: number;
  position(value: number): number;
  /** The value nearest to a position. */
  value(position: number): number;
  /** The part of the axis that belongs to a value; null on a continuous axis. */
  readonly cell: ((value: number) => readonly [low: number, high: number]) | null;
}

const known = new WeakMap<Distribution, Axis>();

export function axisOf(distribution: Distribution): Axis {
  let axis = known.get(distribution);
  if (axis === undefined) {
    axis = createAxis(distribution);
    known.set(distribution, axis);
  }
  return axis;
}

function createAxis(d: Distribution): Axis {
  switch (d.kind) {
    case 'constant':
      return choices([d.value]);
    case 'categorical':
      // Given probabilities are a belief about single choices, which no distance can carry.
      if (d.ordered && d.probabilities === undefined && d.choices.length > 1)
        return ordinal(d.choices as readonly number[]);
      return choices(d.choices, d.probabilities);
    case 'float':
      if (d.step !== undefined) return quantised(d.low, d.high, d.step, d.log);
      return d.low === d.high ? choices([d.low]) : continuous(d.low, d.high, d.log);
    case 'int':
      return quantised(d.low, d.high, d.step, d.log);
    case 'normal':
      return normal(d.mu, d.sigma, d.log, d.step ?? (d.int ? 1 : null));
  }
}

function choices(values: readonly ParamValue[], probabilities?: readonly number[]): ChoiceAxis {
  const indices = new Map(values.map((value, index) => [value, index]));
  return {
    kind: 'choices',
    values,
    probabilities: probabilities ?? values.map(() => 1 / values.length),
    indexOf: (value) => indices.get(value) ?? -1,
  };
}

const identity = (x: number): number => x;

function bounded(
  low: number,
  high: number,
  rest: Pick<NumericAxis, 'position' | 'value' | 'cell'>,
): NumericAxis {
  return {
    kind: 'numeric',
    low,
    high,
    mean: 0.5 * (low + high),
    spread: high - low,
    span: high - low,
    ...rest,
  };
}

function continuous(low: number, high: number, log: boolean): NumericAxis {
  const position = log ? Math.log : identity;
  const back = log ? Math.exp : identity;
  return bounded(position(low), position(high), {
    position,
    // exp(log(high)) may lie a bit above high.
    value: (x) => Math.min(high, Math.max(low, back(x))),
    cell: null,
  });
}

function quantised(low: number, high: number, step: number, log: boolean): Axis {
  const levels = multiplesWithin(low, high, step);
  if (levels.count <= 1) return choices([levels.at(0)]);
  const position = log ? Math.log : identity;
  const back = log ? Math.exp : identity;
  const half = step / 2;
  const last = levels.count - 1;
  return bounded(position(levels.at(0) - half), position(levels.at(last) + half), {
    position,
    value: (x) => levels.at(Math.min(last, Math.max(0, Math.round(back(x) / step) - levels.first))),
    cell: (value) => [position(value - half), position(value + half)],
  });
}

function normal(mu: number, sigma: number, log: boolean, step: number | null): NumericAxis {
  const position = log ? (x: number) => (x > 0 ? Math.log(x) : Number.NEGATIVE_INFINITY) : identity;
  const back = log
    ? (x: number) => Math.min(Number.MAX_VALUE, Math.max(Number.MIN_VALUE, Math.exp(x)))
    : (x: number) => Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, x));
  const frame = {
    kind: 'numeric',
    low: Number.NEGATIVE_INFINITY,
    high: Number.POSITIVE_INFINITY,
    mean: mu,
    spread: sigma,
    span: 4 * sigma,
  } as const;
  if (step === null) return { ...frame, position, value: (x) => back(x) + 0, cell: null };
  return {
    ...frame,
    // A log-normal draw below half a quantum is 0, whose logarithm would be infinitely far away.
    position: (value) => position(log ? Math.max(value, step / 4) : value),
    value: (x) => multiple(Math.round(back(x) / step), step),
    cell: (value) => [position(value - step / 2), position(value + step / 2)],
  };
}

/** Ascending numbers, each with the part of the axis that is nearer to it than to its neighbours. */
function ordinal(values: readonly number[]): NumericAxis {
  const position = stepsAreEvenerInLog(values) ? Math.log : identity;
  const at = values.map(position);
  const edges = at.slice(1).map((x, i) => 0.5 * (x + at[i]!));
  const low = at[0]! - (edges[0]! - at[0]!);
  const high = at.at(-1)! + (at.at(-1)! - edges.at(-1)!);
  const indexAt = (x: number): number => {
    let from = 0;
    let to = edges.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (edges[middle]! <= x) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  return bounded(low, high, {
    position,
    value: (x) => values[indexAt(x)]!,
    cell: (value) => {
      const index = indexAt(position(value));
      return [edges[index - 1] ?? low, edges[index] ?? high];
    },
  });
}

/** 16, 32, 64 is even in the logarithm, 1, 2, 3 as it stands: the author of a list steps on the scale that matters. */
function stepsAreEvenerInLog(values: readonly number[]): boolean {
  return values[0]! > 0 && unevenness(values.map(Math.log)) < unevenness(values);
}

function unevenness(values: readonly number[]): number {
  const steps = values.slice(1).map((value, i) => value - values[i]!);
  const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
  return steps.reduce((sum, step) => sum + (step / mean - 1) ** 2, 0);
}

/** Whether the distribution can yield this value. */
export function contains(d: Distribution, value: ParamValue): boolean {
  switch (d.kind) {
    case 'constant':
      return d.value === value;
    case 'categorical':
      return d.choices.includes(value);
    case 'float':
      return d.step === undefined
        ? isWithin(value, d.low, d.high)
        : multiplesWithin(d.low, d.high, d.step).has(value);
    case 'int':
      return Number.isInteger(value) && multiplesWithin(d.low, d.high, d.step).has(value);
    case 'normal': {
      if (typeof value !== 'number' || !Number.isFinite(value)) return false;
      const step = d.step ?? (d.int ? 1 : null);
      if (d.log && (step === null ? value <= 0 : value < 0)) return false;
      return step === null || isMultiple(value, step);
    }
  }
}

function isWithin(value: ParamValue, low: number, high: number): value is number {
  return typeof value === 'number' && value >= low && value <= high;
}
