import { buildParams } from '../space/points.ts';
import type { Params } from '../space/types.ts';
import { draw, quantile } from '../space/unit.ts';
import { deriveSeed } from '../study/rng.ts';
import type { AskContext, Sampler } from './sampler.ts';
import { owenScramble, SOBOL_DIMENSIONS, sobolBits } from './sobol-sequence.ts';

const CELLS = 2 ** 32;

/**
 * The Sobol sequence, scrambled by the seed: covers the space more evenly than independent draws. Trial n is point n,
 * parameter i its dimension i, present or not; parameters beyond the 256th are drawn at random.
 */
export function createSobolSampler(): Sampler {
  return { name: 'sobol', suggest: (context) => ({ params: sobolPoint(context) }) };
}

export function sobolPoint({
  space,
  number,
  rng,
  seed,
}: Pick<AskContext, 'space' | 'number' | 'rng' | 'seed'>): Params {
  return buildParams(space, ({ distribution }, dimension) => {
    if (dimension >= SOBOL_DIMENSIONS) return draw(distribution, rng);
    const bits = owenScramble(sobolBits(number, dimension), deriveSeed(seed, dimension, 'sobol'));
    // The middle of the cell: 0 and 1 would be the infinities of a normal distribution.
    return quantile(distribution, (bits + 0.5) / CELLS);
  });
}
