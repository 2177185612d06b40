import { createRng } from '../study/rng.ts';

/**
 * What a noisy measurement shows of a value: one trial of one seed always shows the same.
 * @param sigma standard deviation of the normal noise, in the objective's own unit.
 */
export function noisyValue(value: number, sigma: number, seed: number, trial: number): number {
  return value + sigma * createRng(seed, trial, 'noise').normal();
}
