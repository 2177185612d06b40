import type { Rng } from '../../study/rng.ts';
import type { Column, Encoding } from './encoding.ts';

/** The part of the cube that is searched, per column; choices are always free. */
export interface Region {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Standard deviations of the steps by which good points are changed. */
const STEPS = [0.2, 0.05, 0.01];

/** A full point drawn evenly; inside the region where that is smaller than the cube. */
export function drawPoint({ columns }: Encoding, { lower, upper }: Region, rng: Rng): Float64Array {
  return Float64Array.from(columns, (column, c) => drawPosition(column, lower[c]!, upper[c]!, rng));
}

function drawPosition({ levels, isChoice }: Column, lower: number, upper: number, rng: Rng): number {
  if (isChoice) return levels![rng.int(levels!.length)]!;
  if (levels === null) return lower + (upper - lower) * rng.next();
  const inside = levels.filter((level) => level >= lower && level <= upper);
  return inside.length === 0 ? 0.5 * (lower + upper) : inside[rng.int(inside.length)]!;
}

/** A copy of a full point with at least one column changed: numbers by a normal step, choices and few levels redrawn. */
export function mutate(encoding: Encoding, from: Float64Array, region: Region, rng: Rng): Float64Array {
  const point = from.slice();
  const width = point.length;
  const share = Math.min(1, 2 / width);
  const step = STEPS[rng.int(STEPS.length)]!;
  const certain = rng.int(width);
  for (let c = 0; c < width; c++) {
    const { lower, upper } = region;
    const column = encoding.columns[c]!;
    if (c !== certain && rng.next() >= share) {
      if (!column.isChoice) point[c] = Math.min(upper[c]!, Math.max(lower[c]!, point[c]!));
      continue;
    }
    if (column.isChoice || (column.levels !== null && rng.next() < 0.5))
      point[c] = drawPosition(column, lower[c]!, upper[c]!, rng);
    else point[c] = Math.min(upper[c]!, Math.max(lower[c]!, point[c]! + step * rng.normal()));
  }
  return point;
}
