import { expect, it } from 'vitest';
import type { ObservedTrial } from '../sampler.ts';
import { rungPoints, seenRungs, wholeRung } from './curve-steps.ts';
import { rungScales } from './rung-scales.ts';

/** A trial of a quality whose loss at a step is 2/step + (1 + 1/step)·quality; the worse they are the earlier they end. */
function trial(number: number, quality: number, steps: number, last = 27): ObservedTrial {
  const curve = Array.from({ length: steps }, (_, i) => ({ step: i + 1, loss: lossAt(i + 1, quality) }));
  const state = steps === last ? 'complete' : 'pruned';
  const loss = curve.at(-1)!.loss;
  return {
    number,
    params: {},
    state,
    loss,
    losses: state === 'complete' ? [loss] : null,
    violations: null,
    curve,
    step: steps,
  };
}

const lossAt = (step: number, quality: number): number => 2 / step + (1 + 1 / step) * quality;

const history = Array.from({ length: 24 }, (_, number) => {
  const quality = ((number * 7) % 24) / 24;
  const steps = quality < 0.25 ? 27 : quality < 0.5 ? 9 : quality < 0.75 ? 3 : 1;
  return trial(number, quality, steps);
});

it('puts the losses of all rungs on one scale, though only the better trials are seen on the higher ones', () => {
  const scales = rungScales(history, 27);
  for (const quality of [0, 0.3, 0.9]) {
    const lowest = scales.atRung(0, lossAt(1, quality));
    expect(scales.atRung(1, lossAt(3, quality))).toBeCloseTo(lowest, 9);
    expect(scales.atRung(2, lossAt(9, quality))).toBeCloseTo(lowest, 9);
    expect(scales.ofWhole(lossAt(27, quality))).toBeCloseTo(lowest, 9);
  }
});

it('keeps its scale until the trials have grown by half', () => {
  const scale = (trials: number): number => rungScales(history.slice(0, trials), 27).ofWhole(1);
  expect(scale(13)).toBe(scale(17));
  expect(scale(17)).not.toBe(scale(18));
});

it('does with trials that all failed, that report nothing, or late', () => {
  const failed = history.map((t): ObservedTrial => ({ ...t, state: 'failed', loss: null }));
  const silent = history.map((t): ObservedTrial => ({ ...t, curve: [] }));
  const late = history.map((t): ObservedTrial => ({ ...t, curve: t.curve.filter(({ step }) => step >= 5) }));
  for (const odd of [failed, silent, late, history.slice(0, 1), []])
    expect(
      [rungScales(odd, 27).atRung(1, 0.5), rungScales(odd, 27).ofWhole(0.5)].every(Number.isFinite),
    ).toBe(true);
});

it('looks at the first report on each rung', () => {
  expect(rungPoints(trial(0, 0.1, 12), 27).map(({ rung, step }) => [rung, step])).toEqual([
    [0, 1],
    [1, 3],
    [2, 9],
  ]);
  expect([2, 3, 4, 9, 10, 27, 28, 81].map(wholeRung)).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
});

it('always sees where a pruned trial stood, and lower rungs of the first trials only', () => {
  const many = Array.from({ length: 100 }, (_, number) => trial(number, 0.2, 9));
  const seen = seenRungs(many, 27);
  expect(seen[0]!.map(({ rung }) => rung)).toEqual([0, 1, 2]);
  expect(seen[99]!.map(({ rung }) => rung)).toEqual([2]);
});
