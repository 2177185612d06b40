import type { Rng } from '../../study/rng.ts';
import { drawPoint, mutate, type Region } from './candidates.ts';
import type { Encoding } from './encoding.ts';

/** Observations beyond which a pool is halved, because a point's value costs the square of their number. */
const MANY = 250;
const RANDOM_POINTS = 400;
const MUTATIONS = 200;
/** Share of the random points in a box that keep a choice of the point in its middle. */
const KEPT_CHOICES = 0.8;

/** Full points from which a search of the whole space starts: drawn evenly, and changes of the best trials. */
export function globalPool(
  encoding: Encoding,
  parents: readonly Float64Array[],
  region: Region,
  observations: number,
  rng: Rng,
): Float64Array[] {
  const share = observations > MANY ? 0.5 : 1;
  const pool: Float64Array[] = [];
  for (let i = 0; i < share * RANDOM_POINTS; i++) pool.push(drawPoint(encoding, region, rng));
  for (let i = 0; i < share * MUTATIONS && parents.length > 0; i++)
    pool.push(mutate(encoding, parents[i % parents.length]!, region, rng));
  return pool;
}

/** The same for a box around a full point. */
export function boxPool(
  encoding: Encoding,
  middle: Float64Array,
  region: Region,
  observations: number,
  rng: Rng,
): Float64Array[] {
  const pool = globalPool(encoding, [middle], region, observations, rng);
  for (const point of pool.slice(0, (2 * pool.length) / 3))
    for (let c = 0; c < point.length; c++)
      if (encoding.isChoice[c] === 1 && rng.next() < KEPT_CHOICES) point[c] = middle[c]!;
  return pool;
}
