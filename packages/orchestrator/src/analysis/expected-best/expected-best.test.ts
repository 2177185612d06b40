import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../../study/rng.ts';
import { completeTrials, trialRow } from '../testing/trial-rows.ts';
import { expectedBestOfDraws } from './best-of-draws.ts';
import { expectBest, samplerKind } from './expect-best.ts';

describe('expectedBestOfDraws', () => {
  it('is the mean over all ways to draw', () => {
    const losses = [3, 1, 4, 1.5, 9];
    for (const draws of [1, 2, 3]) {
      let sum = 0;
      const ways = losses.length ** draws;
      for (let way = 0; way < ways; way++) {
        let best = Number.POSITIVE_INFINITY;
        for (let k = 0, rest = way; k < draws; k++, rest = Math.floor(rest / losses.length))
          best = Math.min(best, losses[rest % losses.length]!);
        sum += best;
      }
      expect(expectedBestOfDraws(losses, draws)).toBeCloseTo(sum / ways, 12);
    }
  });

  it('takes trials without a result for what they are', () => {
    expect(expectedBestOfDraws([1, Number.POSITIVE_INFINITY], 1)).toBe(Number.POSITIVE_INFINITY);
    expect(expectedBestOfDraws([2, 2, 2], 7)).toBe(2);
  });
});

describe('expectBest', () => {
  const independent = { goal: 'minimize', sampler: 'independent' } as const;

  /** Averages over many sweeps what was foretold and what came. */
  function backtest(draw: (rng: Rng) => number, trials: number, more: number) {
    const sweeps = 80;
    const futures = 30;
    const mean = { foretold: 0, gained: 0, covered: 0, improves: 0 };
    for (let seed = 0; seed < sweeps; seed++) {
      const rng = createRng(seed, 0, 'backtest');
      const values = Array.from({ length: trials }, () => draw(rng));
      const found = expectBest(completeTrials(values), { ...independent, more });
      if (found.kind === 'unknown') throw new Error(found.reason);
      mean.foretold += (found.best - found.expected) / sweeps;
      mean.improves = found.improves;
      for (let k = 0; k < futures; k++) {
        let best = found.best;
        for (let i = 0; i < more; i++) best = Math.min(best, draw(rng));
        mean.gained += (found.best - best) / (sweeps * futures);
        if (best >= found.low && best <= found.high) mean.covered += 1 / (sweeps * futures);
      }
    }
    return mean;
  }

  it.each([
    ['a normal loss', (rng: Rng) => rng.normal()],
    ['a log-normal loss', (rng: Rng) => Math.exp(rng.normal())],
    [
      'a bowl of four parameters',
      (rng: Rng) => [1, 2, 3, 4].reduce((sum) => sum + (rng.next() - 0.5) ** 2, 0),
    ],
  ])('foretells about what 60 more trials gain, and an interval that holds: %s', (_, draw) => {
    const { foretold, gained, covered } = backtest(draw, 60, 60);
    expect(foretold / gained).toBeGreaterThan(0.6);
    expect(foretold / gained).toBeLessThan(1.7);
    expect(covered).toBeGreaterThan(0.8);
  });

  it('foretells little where little can come: a loss that is bounded below', () => {
    const { foretold, covered } = backtest((rng) => rng.next(), 60, 60);
    expect(foretold).toBeLessThan(2 * (1 / 61));
    expect(covered).toBeGreaterThan(0.8);
  });

  it('gives independent draws the chance that any distribution has', () => {
    const values = Array.from({ length: 30 }, (_, k) => Math.sin(k) + 2);
    expect(expectBest(completeTrials(values), { ...independent, more: 10 })).toMatchObject({
      improves: 10 / 40,
      basis: 'all',
      trials: 30,
    });
  });

  it('turns with the goal', () => {
    const values = Array.from({ length: 40 }, (_, k) => Math.sin(k));
    const low = expectBest(completeTrials(values), { ...independent, more: 20 });
    const turned = values.map((value) => -value);
    const high = expectBest(completeTrials(turned), { ...independent, goal: 'maximize', more: 20 });
    if (low.kind === 'unknown' || high.kind === 'unknown') throw new Error('no estimate');
    expect([high.best, high.expected, high.low, high.high]).toEqual(
      [low.best, low.expected, low.high, low.low].map((value) => -value),
    );
    expect(low.expected).toBeLessThanOrEqual(low.best);
  });

  it('knows when it knows nothing', () => {
    const values = Array.from({ length: 40 }, (_, k) => k);
    const reason = (options: Partial<Parameters<typeof expectBest>[1]>, trials = completeTrials(values)) => {
      const found = expectBest(trials, { ...independent, more: 5, ...options });
      return found.kind === 'unknown' ? found.reason : '';
    };
    expect(reason({ sampler: 'exhaustive' })).toContain('grid');
    expect(reason({}, completeTrials(values.slice(0, 19)))).toContain(
      'it takes 20 results, and there are 19',
    );
    expect(reason({}, completeTrials(values.map(() => 3)))).toContain('all equal');
    const failed = values.map((number) => trialRow(number, { state: 'failed', finishedAt: number }));
    expect(reason({}, failed)).toContain('there are 0');
  });

  it('knows samplers by their names', () => {
    expect(samplerKind('grid', 'grid')).toBe('exhaustive');
    expect(samplerKind('random', 'sobol')).toBe('independent');
    expect(samplerKind('bayes', 'auto')).toBe('adaptive');
  });
});
