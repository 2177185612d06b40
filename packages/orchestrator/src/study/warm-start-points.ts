import type { Sampler } from '../samplers/sampler.ts';
import { completePoint } from '../space/points.ts';
import type { Params } from '../space/types.ts';
import { createRng } from './rng.ts';
import type { StudyOptions } from './types.ts';

/** What the points leave out is drawn at once, so that one that does not fit is refused before anything runs. */
export function completePoints(
  { points, parameters, seed }: Pick<StudyOptions, 'points' | 'parameters' | 'seed'>,
  sampler: Sampler,
): Params[] {
  const complete: Params[] = [];
  for (const [index, point] of points.entries()) {
    complete.push(
      sampler.complete?.(point, complete) ??
        completePoint(parameters, point, createRng(seed, index, 'warm start')),
    );
  }
  return complete;
}
