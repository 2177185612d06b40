import type { Encoding } from './encoding.ts';
import type { Fitted } from './model.ts';
import type { Observation } from './training-data.ts';

/** Share of the outputs' variance above which noise decides who looks best. */
const MATERIAL_NOISE = 1e-2;

export interface Incumbent {
  /** What has to be improved upon, in standardised units. */
  readonly value: number;
  /** Observations by how good they are believed to be, best first; never empty where there is an observation. */
  readonly ranked: readonly Observation[];
}

/**
 * The best whole trial: by what it brought, or, where results are noisy, by the posterior mean, because the best of
 * many noisy results is mostly luck. Without a whole trial, what the model makes of parts and of earlier tasks.
 */
export function incumbentOf(
  encoding: Encoding,
  { posterior, seen, y, means }: Fitted,
  background: readonly Observation[],
  isFeasible: (number: number) => boolean,
): Incumbent {
  const isNoisy = posterior.kernel.noise > MATERIAL_NOISE;
  const scored: Array<{ readonly observation: Observation; readonly score: number }> = [];
  for (const [i, observation] of seen.entries())
    if (observation.source === 'whole' && isFeasible(observation.number))
      scored.push({ observation, score: isNoisy ? means[i]! : y[i]! });
  if (scored.length === 0)
    for (const observation of [...background, ...seen])
      scored.push({ observation, score: posterior.meanAt(asWhole(encoding, observation.point)) });
  scored.sort((a, b) => a.score - b.score);
  return { value: scored[0]?.score ?? 0, ranked: scored.map(({ observation }) => observation) };
}

/** The same parameters as a whole trial of this sweep. */
function asWhole({ columns, width }: Encoding, point: Float64Array): Float64Array {
  const whole = new Float64Array(width);
  whole.set(point.subarray(0, columns.length));
  return whole;
}
