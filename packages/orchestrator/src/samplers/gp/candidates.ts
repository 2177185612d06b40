import type { Rng } from '../../study/rng.ts';
import type { Column, Encoding } from './encoding.ts';
import type { InputWarp } from './input-warp.ts';

/** The part of the cube that is searched, per column; choices are always free. */
export interface Region {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Where positions are warped, what is near and what is even is so along the warped ones. */
  readonly warp: InputWarp | null;
}

/** Standard deviations of the steps by which good points are changed. */
const STEPS = [0.2, 0.05, 0.01];

/** A full point drawn evenly; inside the region where that is smaller than the cube. */
export function drawPoint({ columns }: Encoding, region: Region, rng: Rng): Float64Array {
  return Float64Array.from(columns, (column, c) => drawPosition(column, c, region, rng));
}

function drawPosition({ levels, isChoice }: Column, c: number, region: Region, rng: Rng): number {
  if (isChoice) return levels![rng.int(levels!.length)]!;
  const lower = region.lower[c]!;
  const upper = region.upper[c]!;
  if (levels === null) return between(c, lower, upper, rng.next(), region.warp);
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
  const { lower, upper, warp } = region;
  for (let c = 0; c < width; c++) {
    const column = encoding.columns[c]!;
    if (c !== certain && rng.next() >= share) {
      if (!column.isChoice) point[c] = Math.min(upper[c]!, Math.max(lower[c]!, point[c]!));
      continue;
    }
    if (column.isChoice || (column.levels !== null && rng.next() < 0.5))
      point[c] = drawPosition(column, c, region, rng);
    else point[c] = Math.min(upper[c]!, Math.max(lower[c]!, moved(c, point[c]!, step * rng.normal(), warp)));
  }
  return point;
}

function between(c: number, lower: number, upper: number, share: number, warp: InputWarp | null): number {
  if (warp === null) return lower + (upper - lower) * share;
  const from = warp.at(c, lower);
  return Math.min(upper, Math.max(lower, warp.inverse(c, from + (warp.at(c, upper) - from) * share)));
}

function moved(c: number, position: number, step: number, warp: InputWarp | null): number {
  return warp === null ? position + step : warp.inverse(c, warp.at(c, position) + step);
}
