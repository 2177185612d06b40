import { describe, expect, it } from 'vitest';
import { float, isIn, oneOf, parameter, studyWith } from '../study/testing/spaces.ts';
import { owenScramble, SOBOL_DIMENSIONS, sobolBits } from './sobol-sequence.ts';

/** Printed by SciPy 1.17.1, `qmc.Sobol(d, scramble=False, bits=32)`. */
const SCIPY_FIRST = [
  [0.0, 0.0, 0.0, 0.0, 0.0],
  [0.5, 0.5, 0.5, 0.5, 0.5],
  [0.75, 0.25, 0.25, 0.25, 0.75],
  [0.25, 0.75, 0.75, 0.75, 0.25],
  [0.375, 0.375, 0.625, 0.875, 0.375],
  [0.875, 0.875, 0.125, 0.375, 0.875],
  [0.625, 0.125, 0.875, 0.625, 0.625],
  [0.125, 0.625, 0.375, 0.125, 0.125],
];
const HIGH = [0, 1, 20, 99, 128, 254, 255];
const SCIPY_1000 = [
  0.2197265625, 0.0966796875, 0.5224609375, 0.1865234375, 0.8916015625, 0.4345703125, 0.2490234375,
];
const SCIPY_123456 = [
  0.02649688720703125, 0.18274688720703125, 0.11809539794921875, 0.9257736206054688, 0.18085479736328125,
  0.31569671630859375, 0.48700714111328125,
];

const point = (index: number, dimensions: readonly number[]): number[] =>
  dimensions.map((dimension) => sobolBits(index, dimension) / 2 ** 32);

describe('the Sobol sequence', () => {
  it('begins as in SciPy (qmc.Sobol(d=5, scramble=False))', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((index) => point(index, [0, 1, 2, 3, 4]))).toEqual(SCIPY_FIRST);
  });

  it('agrees with SciPy in high dimensions and far out', () => {
    expect(point(1_000, HIGH)).toEqual(SCIPY_1000);
    expect(point(123_456, HIGH)).toEqual(SCIPY_123456);
  });

  it('puts one of 2^k points into each of 2^k parts, in every dimension, scrambled or not', () => {
    const parts = 64;
    for (let dimension = 0; dimension < SOBOL_DIMENSIONS; dimension++) {
      for (const scramble of [
        (bits: number) => bits,
        (bits: number) => owenScramble(bits, 12345 + dimension),
      ]) {
        const hit = new Set<number>();
        for (let i = 0; i < parts; i++)
          hit.add(Math.floor((scramble(sobolBits(i, dimension)) / 2 ** 32) * parts));
        expect(hit.size).toBe(parts);
      }
    }
  });
});

describe('the Sobol sampler', () => {
  const space = [
    parameter('x', float(0, 1)),
    parameter('kind', oneOf('a', 'b')),
    parameter('only_b', float(0, 1), isIn('kind', 'b')),
    parameter('y', float(0, 1)),
  ];

  it('covers the square better than the parts that random points leave empty', () => {
    const empty = (type: 'sobol' | 'random'): number => {
      const study = studyWith({ parameters: space, sampler: { type, options: {} } });
      const cells = new Set<string>();
      for (let i = 0; i < 256; i++) {
        const { x, y } = study.ask()!.params as { x: number; y: number };
        cells.add(`${Math.floor(x * 16)}/${Math.floor(y * 16)}`);
      }
      return 256 - cells.size;
    };
    expect(empty('sobol')).toBeLessThan(empty('random') / 2);
  });

  it('gives other points for another seed and keeps a dimension for an absent parameter', () => {
    const ask = (seed: number) =>
      studyWith({ parameters: space, seed, sampler: { type: 'sobol', options: {} } }).ask()!.params;
    expect(ask(1)).toEqual(ask(1));
    expect(ask(1).x).not.toBe(ask(2).x);
    const without = studyWith({
      parameters: space.toSpliced(2, 1, parameter('z', float(0, 1))),
      sampler: { type: 'sobol', options: {} },
    });
    expect(without.ask()!.params.y).toBe(ask(1).y);
  });

  it('draws the parameters beyond its last dimension at random', () => {
    const wide = Array.from({ length: SOBOL_DIMENSIONS + 3 }, (_, i) => parameter(`p${i}`, float(0, 1)));
    const { params } = studyWith({ parameters: wide, sampler: { type: 'sobol', options: {} } }).ask()!;
    expect(Object.values(params).every((value) => (value as number) >= 0 && (value as number) < 1)).toBe(
      true,
    );
  });
});
