import { createRng } from '../../study/rng.ts';
import { normalVector } from './gaussian.ts';

/**
 * A standard normal vector for one trial, drawn together with its neighbours in number: a generation holds pairs of
 * opposite vectors, and the pairs are at right angles as far as the dimension allows, so that few trials look into all
 * directions (mirrored orthogonal sampling, Wang, Emmerich & Bäck 2014; Auger, Brockhoff & Hansen 2011). Lengths stay
 * those of independent draws.
 *
 * @param number of the trial; its generation holds the trials of the same ⌊number / populationSize⌋.
 */
export function mirroredNormal(
  seed: number,
  number: number,
  populationSize: number,
  dimension: number,
): Float64Array {
  const slot = number % populationSize;
  const pair = slot >> 1;
  const rng = createRng(seed, number - slot, 'cmaes directions');
  // Only the pairs of the own group are at right angles to each other.
  const from = pair - (pair % Math.max(1, dimension));
  for (let skipped = 0; skipped < from; skipped++) normalVector(dimension, rng);
  const group: Float64Array[] = [];
  while (from + group.length <= pair) group.push(atRightAngles(normalVector(dimension, rng), group));
  const vector = group.at(-1)!;
  return slot % 2 === 0 ? vector : vector.map((z) => -z);
}

/** The part of the vector that is at right angles to the others, in its old length (Gram-Schmidt). */
function atRightAngles(vector: Float64Array, others: readonly Float64Array[]): Float64Array {
  const rest = Float64Array.from(vector);
  for (const other of others) {
    const share = dot(rest, other) / dot(other, other);
    for (let j = 0; j < rest.length; j++) rest[j]! -= share * other[j]!;
  }
  const scale = Math.sqrt(dot(vector, vector) / dot(rest, rest));
  return Number.isFinite(scale) ? rest.map((z) => z * scale) : vector;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}
