import type { Rng } from '../../study/rng.ts';
import { drawPoint } from './candidates.ts';
import type { Encoding } from './encoding.ts';
import { wholeCube } from './region.ts';
import type { Observation } from './training-data.ts';

/**
 * The best observations as full points, which have a position for every parameter: what one lacks under its conditions
 * comes from the best that has it, else at random.
 */
export function parentsOf(
  encoding: Encoding,
  ranked: readonly Observation[],
  count: number,
  rng: Rng,
): Float64Array[] {
  const width = encoding.columns.length;
  const donors = encoding.isConditional
    ? Array.from({ length: width }, (_, c) => ranked.find(({ point }) => encoding.has(point, c)))
    : [];
  return ranked.slice(0, count).map(({ point }) => {
    const full = drawPoint(encoding, wholeCube(width), rng);
    for (let c = 0; c < width; c++) {
      const from = encoding.has(point, c) ? point : donors[c]?.point;
      if (from !== undefined) full[c] = from[c]!;
    }
    return full;
  });
}
