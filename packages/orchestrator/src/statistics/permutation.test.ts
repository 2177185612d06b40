import { describe, expect, it } from 'vitest';
import { createRng } from '../study/rng.ts';
import fixture from './fixtures/permutation.json' with { type: 'json' };
import { type Alternative, type PermutationResult, permutationOfMeans, permutationOfPairs } from './index.ts';

const ALTERNATIVES: readonly Alternative[] = ['two-sided', 'less', 'greater'];
const rng = () => createRng(1, 0, 'permutation');

/** Exact ones to the last digit; drawn ones within five standard errors, two-sided ones counting both tails. */
function expectP({ p, method }: PermutationResult, expected: number, kind: string): void {
  expect(method).toBe(kind);
  const error = 10 * Math.sqrt((expected * (1 - expected)) / 20_000) + 1e-4;
  expect(Math.abs(p - expected)).toBeLessThan(kind === 'exact' ? 1e-12 : error);
}

describe('permutationOfPairs', () => {
  it.each(fixture.paired)("gives SciPy's p-values ($kind)", ({ kind, differences, p }) => {
    for (const alternative of ALTERNATIVES)
      expectP(permutationOfPairs(differences, { alternative, rng: rng() }), p[alternative], kind);
  });

  it('sees that one large difference outweighs many small ones, where ranks do not', () => {
    const differences = [-60, 1, 2, 3, 4, 5, 6, 7];
    const { statistic, p } = permutationOfPairs(differences, { rng: rng() });
    expect(statistic).toBe(-4);
    // Only the sign of the 60 decides: half of all arrangements are at most -32.
    expect(p).toBe(1);
  });
});

describe('permutationOfMeans', () => {
  it.each(fixture.unpaired)("gives SciPy's p-values ($kind)", ({ kind, first, second, p }) => {
    for (const alternative of ALTERNATIVES)
      expectP(permutationOfMeans(first, second, { alternative, rng: rng() }), p[alternative], kind);
  });

  it('turns with the samples, and stays where both are moved or stretched', () => {
    const [a, b] = [
      [0.1, 0.4, 0.35, 0.7],
      [0.2, 0.45, 0.8, 0.9, 1.1],
    ];
    const p = (first: number[], second: number[], alternative: Alternative) =>
      permutationOfMeans(first, second, { alternative, rng: rng() }).p;
    expect(p(a!, b!, 'less')).toBe(p(b!, a!, 'greater'));
    const moved = [a!, b!].map((values) => values.map((value) => 1e6 + 3 * value));
    expect(p(moved[0]!, moved[1]!, 'two-sided')).toBe(p(a!, b!, 'two-sided'));
  });

  it('knows nothing where all values are one', () => {
    expect(permutationOfMeans([0.1, 0.1, 0.1], [0.1, 0.1], { rng: rng() }).p).toBe(1);
    expect(permutationOfMeans(Array(30).fill(0.1), Array(30).fill(0.1), { rng: rng() }).p).toBe(1);
  });
});
