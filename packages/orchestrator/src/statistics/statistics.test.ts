import { describe, expect, it } from 'vitest';
import fixture from './fixtures/scipy.json' with { type: 'json' };
import { type Alternative, mannWhitney, wilcoxonSignedRank } from './index.ts';

const ALTERNATIVES: readonly Alternative[] = ['two-sided', 'less', 'greater'];

describe('wilcoxonSignedRank', () => {
  it.each(fixture.signed_rank)("gives SciPy's p-values ($kind, zeros: $zeros)", (sample) => {
    for (const alternative of ALTERNATIVES) {
      const zeros = sample.zeros as 'drop' | 'split';
      const result = wilcoxonSignedRank(sample.differences, { alternative, zeros });
      expect(result.method).toBe(sample.kind.split(' ')[0]);
      expect(result.statistic).toBeCloseTo(sample.statistic, 9);
      expect(result.p).toBeCloseTo(sample.p[alternative], 9);
    }
  });

  it('counts all signs of five pairs: none of them alike has a probability of 1 in 32', () => {
    expect(wilcoxonSignedRank([1, 2, 3, 4, 5], { alternative: 'greater' }).p).toBe(1 / 32);
    expect(wilcoxonSignedRank([-1, -2, -3, -4, -5], { alternative: 'less' }).p).toBe(1 / 32);
    expect(wilcoxonSignedRank([1, 2, 3, 4, 5]).p).toBe(1 / 16);
  });

  it('knows nothing where nothing differs', () => {
    expect(wilcoxonSignedRank([]).p).toBe(1);
    expect(wilcoxonSignedRank([0, 0, 0]).p).toBe(1);
    expect(wilcoxonSignedRank([0, 0, 0], { zeros: 'split' }).p).toBe(1);
  });

  it('approximates as well at the seam as it counts', () => {
    const differences = Array.from({ length: 61 }, (_, i) => Math.sin(7 * i) + 0.2);
    const exact = wilcoxonSignedRank(differences.slice(0, 60));
    const normal = wilcoxonSignedRank(differences);
    expect([exact.method, normal.method]).toEqual(['exact', 'normal']);
    expect(Math.abs(exact.p - normal.p)).toBeLessThan(0.03);
  });
});

describe('mannWhitney', () => {
  it.each(fixture.mann_whitney)("gives SciPy's p-values ($kind)", (sample) => {
    for (const alternative of ALTERNATIVES) {
      const result = mannWhitney(sample.first, sample.second, { alternative });
      expect(result.method).toBe(sample.kind.split(' ')[0]);
      expect(result.statistic).toBeCloseTo(sample.statistic, 9);
      expect(result.p).toBeCloseTo(sample.p[alternative], 9);
    }
  });

  it('turns with the samples', () => {
    const [a, b] = [
      [1, 4, 4, 7],
      [2, 4, 8, 9, 11],
    ];
    const there = mannWhitney(a!, b!, { alternative: 'less' });
    const back = mannWhitney(b!, a!, { alternative: 'greater' });
    expect(there.p).toBeCloseTo(back.p, 12);
    expect(there.statistic + back.statistic).toBe(20);
  });

  it('knows nothing where all values are one', () => {
    expect(mannWhitney([3, 3, 3], [3, 3]).p).toBe(1);
    expect(mannWhitney(Array(40).fill(3), Array(40).fill(3)).p).toBe(1);
  });
});
