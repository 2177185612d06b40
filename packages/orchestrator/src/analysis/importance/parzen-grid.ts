import { axisOf } from '../../space/axis.ts';
import { multiplesWithin } from '../../space/levels.ts';
import type { Distribution, ParamValue } from '../../space/types.ts';
import { toUnit } from '../../space/unit.ts';

/** The points at which PED-ANOVA compares densities. */
export interface Grid {
  readonly kind: 'choices' | 'numeric';
  readonly size: number;
  /** The nearest grid point, 0..size-1. */
  indexOf(value: ParamValue): number;
}

/** Grid points of a continuous parameter. */
const STEPS = 50;

/**
 * One point per choice or level; for more than 50 levels and for continuous parameters 50 points from end to end, evenly
 * on the scale on which the parameter is drawn (`log`: the logarithm, `normal`: the share of the distribution).
 */
export function gridOf(d: Distribution): Grid {
  const axis = axisOf(d);
  if (axis.kind === 'choices') {
    return {
      kind: 'choices',
      size: axis.values.length,
      indexOf: (value) => Math.max(0, axis.indexOf(value)),
    };
  }
  switch (d.kind) {
    case 'constant':
      return evenly(0, 0, 1, () => 0);
    case 'categorical': {
      // Ordinal: neighbours count as one step, however far apart they are.
      const indices = new Map<ParamValue, number>(d.choices.map((choice, index) => [choice, index]));
      return evenly(
        0,
        d.choices.length - 1,
        Math.min(d.choices.length, STEPS),
        (value) => indices.get(value) ?? 0,
      );
    }
    case 'normal':
      return evenly(0, 1, STEPS, (value) => toUnit(d, value));
    case 'float':
    case 'int': {
      const position = (value: ParamValue): number => (d.log ? Math.log(value as number) : (value as number));
      if (d.step === undefined) return evenly(position(d.low), position(d.high), STEPS, position);
      const levels = multiplesWithin(d.low, d.high, d.step);
      const [low, high] = [levels.at(0), levels.at(levels.count - 1)];
      return evenly(position(low), position(high), Math.min(STEPS, pointsFor(levels.count, d.log)), position);
    }
  }
}

/** On a logarithmic scale the lowest levels lie too far apart for a point each: as many as doublings. */
function pointsFor(levels: number, log: boolean): number {
  return log ? Math.ceil(Math.log2(levels)) + 1 : levels;
}

function evenly(low: number, high: number, size: number, position: (value: ParamValue) => number): Grid {
  const step = (high - low) / (size - 1);
  return {
    kind: 'numeric',
    size,
    // What lies half-way goes down.
    indexOf: (value) => Math.min(size - 1, Math.max(0, Math.ceil((position(value) - low) / step - 0.5))),
  };
}

/** How many values fall to each grid point. */
export function countOnGrid(grid: Grid, values: readonly ParamValue[]): Float64Array {
  const counts = new Float64Array(grid.size);
  for (const value of values) counts[grid.indexOf(value)]!++;
  return counts;
}
