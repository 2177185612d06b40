import { DIRECTION_NUMBERS } from './sobol-directions.ts';

const BITS = 32;

/** 32 direction numbers per dimension, as unsigned 32-bit integers. */
const directions: readonly Uint32Array[] = [
  Uint32Array.from({ length: BITS }, (_, i) => 2 ** (BITS - 1 - i)),
  ...DIRECTION_NUMBERS.trim().split(/\s+/).map(expand),
];

export const SOBOL_DIMENSIONS = directions.length;

/** Joe and Kuo 2008, equation 2: the recurrence that makes all direction numbers from the initial ones. */
function expand(item: string): Uint32Array {
  const [a, m] = item.split(':') as [string, string];
  const coefficients = Number(a);
  const initial = m.split(',').map(Number);
  const degree = initial.length;
  const v = new Uint32Array(BITS);
  for (let i = 0; i < BITS; i++) {
    if (i < degree) {
      v[i] = initial[i]! << (BITS - 1 - i);
      continue;
    }
    let next = v[i - degree]! ^ (v[i - degree]! >>> degree);
    for (let k = 1; k < degree; k++) if ((coefficients >>> (degree - 1 - k)) & 1) next ^= v[i - k]!;
    v[i] = next;
  }
  return v;
}

/** Point `index` (0 .. 2^32-1) of the sequence in Gray code order, one dimension, as a 32-bit fraction. */
export function sobolBits(index: number, dimension: number): number {
  const v = directions[dimension]!;
  let bits = 0;
  for (let gray = (index ^ (index >>> 1)) >>> 0, i = 0; gray !== 0; gray >>>= 1, i++)
    if (gray & 1) bits ^= v[i]!;
  return bits >>> 0;
}

/**
 * Owen's nested uniform scrambling by a hash, so that no tree of permutations is kept (B. Burley, "Practical
 * Hash-based Owen Scrambling", JCGT 9(4), 2020; the constants are N. Vegdahl's of 2021). It keeps the balance of the
 * sequence and makes every point uniform over seeds.
 */
export function owenScramble(bits: number, seed: number): number {
  let x = reverseBits(bits);
  x ^= Math.imul(x, 0x3d20adea);
  x = (x + seed) | 0;
  x = Math.imul(x, (seed >>> 16) | 1);
  x ^= Math.imul(x, 0x05526c56);
  x ^= Math.imul(x, 0x53a22864);
  return reverseBits(x);
}

function reverseBits(bits: number): number {
  let x = bits;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return ((x >>> 16) | (x << 16)) >>> 0;
}
