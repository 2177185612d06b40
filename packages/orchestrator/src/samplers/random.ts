import { drawParams } from '../space/points.ts';
import type { Sampler } from './sampler.ts';

/** Every trial by itself, from the distributions. */
export function createRandomSampler(): Sampler {
  return { name: 'random', suggest: ({ space, rng }) => ({ params: drawParams(space, rng) }) };
}
