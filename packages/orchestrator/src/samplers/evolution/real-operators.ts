import type { Rng } from '../../study/rng.ts';

/**
 * Simulated binary crossover of two positions in [0, 1] (Deb & Agrawal 1995, with the bounds of Deb's NSGA-II code): one
 * of the two children, the one on the first parent's side. Its distance from the middle is that of the parents times a
 * spread factor around 1.
 *
 * @param eta distribution index; the larger, the closer to the parents.
 */
export function simulatedBinaryCrossover(first: number, second: number, eta: number, rng: Rng): number {
  const [low, high] = first < second ? [first, second] : [second, first];
  const distance = high - low;
  if (distance < 1e-14) return first;
  const room = first < second ? low : 1 - high;
  const alpha = 2 - (1 + (2 * room) / distance) ** -(eta + 1);
  const u = rng.next();
  const spread = u <= 1 / alpha ? (u * alpha) ** (1 / (eta + 1)) : (1 / (2 - u * alpha)) ** (1 / (eta + 1));
  const middle = 0.5 * (low + high);
  return clip(first < second ? middle - 0.5 * spread * distance : middle + 0.5 * spread * distance);
}

/**
 * Polynomial mutation of a position in [0, 1] (Deb & Agrawal 1999, with the bounds of Deb's NSGA-II code).
 *
 * @param eta distribution index: the typical step is about 1 / eta.
 */
export function polynomialMutation(position: number, eta: number, rng: Rng): number {
  const u = rng.next();
  const power = 1 / (eta + 1);
  if (u < 0.5) return clip(position + (2 * u + (1 - 2 * u) * (1 - position) ** (eta + 1)) ** power - 1);
  return clip(position + 1 - (2 * (1 - u) + 2 * (u - 0.5) * position ** (eta + 1)) ** power);
}

function clip(u: number): number {
  return Math.min(1, Math.max(0, u));
}
