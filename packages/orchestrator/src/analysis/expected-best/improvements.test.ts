import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../../study/rng.ts';
import { completeTrials } from '../testing/trial-rows.ts';
import { expectBest } from './expect-best.ts';
import { foretellGain, recentImprovements } from './improvements.ts';
import type { LowerTail } from './lower-tail.ts';

const adaptive = { goal: 'minimize', sampler: 'adaptive' } as const;
const exponential = (rng: Rng): number => -Math.log1p(-rng.next());

describe('recentImprovements', () => {
  it('counts what the later half added to the best', () => {
    expect(recentImprovements([9, 5, 7, 6, 4, 8, 1, 3])).toEqual({
      count: 2,
      gained: 4,
      logTime: Math.log(2),
    });
    expect(recentImprovements([5, 5, 5, 5])).toMatchObject({ count: 0, gained: 0 });
  });

  it('takes the first result of all for no improvement', () => {
    const inf = Number.POSITIVE_INFINITY;
    expect(recentImprovements([inf, inf, 3, inf, 2, 1])).toMatchObject({ count: 2, gained: 2 });
  });
});

describe('foretellGain', () => {
  // Exponential: what lies below any point lies 0.5 below it on average.
  const tail: LowerTail = { threshold: 10, mass: 0.3, scale: 0.5, shape: 0 };
  const seen = { count: 3, gained: 2, logTime: Math.log(2) };

  it('integrates over the rate and over the mean size of an improvement', () => {
    const growth = 1.5;
    const { mean, improves } = foretellGain(seen, tail, 8, growth, createRng(1, 0, 'gain'));
    // Gamma(5, ln 2 + 1) over the rate, by the midpoint rule.
    const scale = seen.logTime + 1;
    let [total, none, expected] = [0, 0, 0];
    for (let rate = 0.005; rate < 40; rate += 0.01) {
      const weight = rate ** 4 * Math.exp(-scale * rate);
      total += weight;
      none += weight * Math.exp(-rate * Math.log(growth));
      expected += weight * rate * Math.log(growth);
    }
    expect(improves).toBeCloseTo(1 - none / total, 6);
    // The mean size: 2 seen in 3 improvements and 0.5 in one more.
    expect(mean).toBeCloseTo((expected / total) * (2.5 / 4), 6);
  });

  it('foretells more where more trials follow, and never that nothing is gained for sure', () => {
    const gains = [1.01, 1.5, 2, 4].map((growth) =>
      foretellGain(seen, tail, 8, growth, createRng(1, 0, 'gain')),
    );
    for (const key of ['mean', 'most', 'improves'] as const) {
      const values = gains.map((gain) => gain[key]);
      expect(values).toEqual(values.toSorted((a, b) => a - b));
    }
    expect(gains[0]!.mean).toBeGreaterThan(0);
    expect(gains[3]!.improves).toBeLessThan(1);
  });
});

describe('expectBest of a sampler that learns', () => {
  it.each([0.3, 0.5, 0.8])('foretells what a search gains whose losses fall as trials^-%f', (power) => {
    const sweeps = 60;
    const mean = { foretold: 0, gained: 0, within: 0 };
    for (let seed = 0; seed < sweeps; seed++) {
      const rng = createRng(seed, 0, 'learning');
      const values = Array.from({ length: 160 }, (_, k) => (k + 1) ** -power * (1 + exponential(rng)));
      const found = expectBest(completeTrials(values.slice(0, 80)), { ...adaptive, more: 80, seed });
      if (found.kind === 'unknown') throw new Error(found.reason);
      const best = Math.min(...values);
      mean.foretold += (found.best - found.expected) / sweeps;
      mean.gained += (found.best - best) / sweeps;
      if (best >= found.low && best <= found.high) mean.within += 1 / sweeps;
    }
    expect(mean.foretold / mean.gained).toBeGreaterThan(0.6);
    expect(mean.foretold / mean.gained).toBeLessThan(1.7);
    expect(mean.within).toBeGreaterThan(0.85);
  });

  it('turns with the goal and the unit', () => {
    const rng = createRng(4, 0, 'goal');
    const values = Array.from({ length: 60 }, (_, k) => exponential(rng) / (k + 1));
    const low = expectBest(completeTrials(values), { ...adaptive, more: 30 });
    const turned = completeTrials(values.map((value) => -1024 * value));
    const high = expectBest(turned, { ...adaptive, goal: 'maximize', more: 30 });
    if (low.kind === 'unknown' || high.kind === 'unknown') throw new Error('no estimate');
    expect(high.improves).toBe(low.improves);
    const ends = [low.best, low.expected, low.high, low.low].map((value) => -1024 * value);
    for (const [i, value] of [high.best, high.expected, high.low, high.high].entries())
      expect(value / ends[i]!).toBeCloseTo(1, 9);
    expect(low).toMatchObject({ basis: 'recent', trials: 30, high: low.best });
  });

  it('leaves it open whether anything comes where the last half brought nothing', () => {
    const rng = createRng(5, 0, 'flat');
    const values = Array.from({ length: 80 }, (_, k) => (k === 3 ? 0 : 1 + rng.next()));
    const found = expectBest(completeTrials(values), { ...adaptive, more: 80 });
    if (found.kind === 'unknown') throw new Error(found.reason);
    // The tail of the last half ends above the best.
    expect(found.expected).toBe(0);
    expect(found.improves).toBeLessThan(0.7);
  });
});
