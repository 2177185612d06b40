import { samplerSchema } from '../config/file-schema.ts';
import { createSampler } from '../samplers/index.ts';
import type { Space } from '../space/types.ts';
import { describeSampler } from './describe-sampler.ts';

// Whatever a sweep file can name is tested: a new sampler needs no line here.
for (const type of samplerSchema.shape.type.unwrap().options) {
  const method = type === 'grid' ? 'grid' : type === 'random' || type === 'sobol' ? 'random' : 'bayes';
  const create = (space: Space) => createSampler(space, method, { type, options: {} });
  describeSampler(type, create, { spaces: type === 'grid' ? 'finite' : 'any', runs: 8 });
}
