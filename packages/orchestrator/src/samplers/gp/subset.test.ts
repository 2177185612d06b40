import { expect, it } from 'vitest';
import { representatives } from './subset.ts';

const observations = Array.from({ length: 100 }, (_, number) => ({
  number,
  point: new Float64Array(0),
  loss: (number * 37) % 100,
  source: 'whole' as const,
}));

it('keeps all where they are few', () => {
  expect(representatives(observations, 100)).toBe(observations);
});

it('keeps the best, the newest and some of all ages, in their order', () => {
  const kept = representatives(observations, 30);
  expect(kept).toHaveLength(30);
  expect(kept.map(({ number }) => number)).toEqual(kept.map(({ number }) => number).sort((a, b) => a - b));
  expect(kept.filter(({ loss }) => loss < 10)).toHaveLength(10);
  expect(kept.filter(({ number }) => number >= 90)).toHaveLength(10);
  for (const decade of [0, 20, 40, 60])
    expect(kept.some(({ number }) => number >= decade && number < decade + 20)).toBe(true);
});
