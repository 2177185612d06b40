/** A stream of random numbers. */
export interface Rng {
  /** Uniform on [0, 1), 53 bits. */
  next(): number;
  /** Uniform on 0..n-1; n >= 1. */
  int(n: number): number;
  /** Standard normal. */
  normal(): number;
}

/** splitmix32 finaliser over a FNV-1a hash: small, stable across platforms, good enough to tell streams apart. */
function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  h ^= h >>> 16;
  h = Math.imul(h, 0x21f0aaad);
  h ^= h >>> 15;
  h = Math.imul(h, 0x735a2d97);
  h ^= h >>> 15;
  return h >>> 0;
}

/** sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, passes BigCrush. */
function sfc32(a: number, b: number, c: number, d: number): () => number {
  return () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
}

/**
 * The stream for one purpose in one trial: (seed, number, purpose) decide it, so that no draw depends on what else was
 * drawn before, or on timing.
 */
export function createRng(seed: number, number: number, purpose: string): Rng {
  const key = `${seed}/${number}/${purpose}`;
  const bits = sfc32(hash32(`a${key}`), hash32(`b${key}`), hash32(`c${key}`), 1);
  for (let i = 0; i < 15; i++) bits();
  const next = (): number => ((bits() >>> 5) * 0x4000000 + (bits() >>> 6)) / 0x20000000000000;
  return {
    next,
    int: (n) => Math.floor(next() * n),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/** A seed in 0..2^32-1 for something outside the study (a trainer's own draws). */
export function deriveSeed(seed: number, number: number, purpose: string): number {
  return hash32(`${seed}/${number}/${purpose}`);
}
