import type { Observation } from './training-data.ts';

/**
 * At most `size` observations, in their order: of each third of the places one goes to the best, to the newest and, for
 * the shape of the whole, evenly over the rest.
 */
export function representatives(observations: readonly Observation[], size: number): readonly Observation[] {
  const n = observations.length;
  if (n <= size) return observations;
  const share = Math.floor(size / 3);
  const chosen = new Set<number>();
  const ranked = [...observations.keys()].sort(
    (a, b) => observations[a]!.loss - observations[b]!.loss || a - b,
  );
  for (const index of ranked.slice(0, share)) chosen.add(index);
  for (let index = n - 1; chosen.size < 2 * share; index--) chosen.add(index);
  const rest = [...observations.keys()].filter((index) => !chosen.has(index));
  const places = size - chosen.size;
  for (let k = 0; k < places; k++) chosen.add(rest[Math.floor((k * rest.length) / places)]!);
  return [...chosen].sort((a, b) => a - b).map((index) => observations[index]!);
}
