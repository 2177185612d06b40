import { describe, expect, it } from 'vitest';
import { normalCdf } from '../../space/normal.ts';
import { createRng } from '../../study/rng.ts';
import { createGaussian, deviation } from './gaussian.ts';
import { type CellAt, withMargin } from './margin.ts';

/** The unit interval in `count` cells. */
const cells =
  (count: number): CellAt =>
  (position) => {
    const index = Math.min(count - 1, Math.floor(position * count));
    return [index / count, (index + 1) / count];
  };

const continuous: CellAt = () => null;

describe('the margin', () => {
  it('leaves every discrete axis its chance to leave the cell, on both sides or to the inside', () => {
    const rng = createRng(1, 0, 'test');
    for (let round = 0; round < 400; round++) {
      const [count, alpha] = [2 + rng.int(30), 0.01 + 0.1 * rng.next()];
      const width = 10 ** (-6 * rng.next());
      const before = createGaussian(Float64Array.of(rng.next()), width, Float64Array.of(width));
      const after = withMargin(before, [cells(count)], alpha);
      const [low, high] = cells(count)(before.mean[0]!)!;
      const [mean, spread] = [after.mean[0]!, deviation(after, 0)];
      expect(mean).toBeGreaterThanOrEqual(low);
      expect(mean).toBeLessThanOrEqual(high);
      const [below, above] = [normalCdf((low - mean) / spread), normalCdf((mean - high) / spread)];
      if (low === 0) expect(above).toBeGreaterThan(alpha - 1e-9);
      else if (high === 1) expect(below).toBeGreaterThan(alpha - 1e-9);
      // What is raised to alpha / 2 pays a part of what it takes from the rest (equations 14 and 15).
      else expect(Math.min(below, above)).toBeGreaterThan(alpha / 2 - 1e-9);
    }
  });

  it('changes nothing that is wide enough, and no continuous axis', () => {
    const wide = createGaussian(Float64Array.of(0.52, 0.5), 0.2, Float64Array.of(0.2, 1e-6));
    const after = withMargin(wide, [cells(10), continuous], 0.05);
    expect([...after.mean]).toEqual([...wide.mean]);
    expect([...after.stretch]).toEqual([1, 1]);
  });

  it('keeps to both probabilities where one side has more than enough', () => {
    // Of cells a tenth wide, the mean is 0.01 from the lower edge of [0.5, 0.6).
    const before = createGaussian(Float64Array.of(0.51), 0.02, Float64Array.of(0.02));
    const after = withMargin(before, [cells(10)], 0.1);
    const [mean, spread] = [after.mean[0]!, deviation(after, 0)];
    const below = normalCdf(-0.01 / 0.02);
    const above = normalCdf(-0.09 / 0.02);
    // p'' = p' + (1 - Σp') / (Σp' - 3 α/2) · (p' - α/2), by hand.
    const sum = below + 0.05 + (1 - below - above);
    const share = below + ((1 - sum) / (sum - 0.15)) * (below - 0.05);
    expect(normalCdf((0.5 - mean) / spread)).toBeCloseTo(share, 10);
    expect(normalCdf((mean - 0.6) / spread)).toBeCloseTo(0.05, 10);
  });
});
