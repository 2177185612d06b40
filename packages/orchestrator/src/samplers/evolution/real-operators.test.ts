import { describe, expect, it } from 'vitest';
import { createRng } from '../../study/rng.ts';
import { polynomialMutation, simulatedBinaryCrossover } from './real-operators.ts';

const DRAWS = 20_000;

describe('simulated binary crossover', () => {
  it('stays in [0, 1] for parents anywhere, on the side of the first', () => {
    const rng = createRng(1, 0, 'test');
    for (let i = 0; i < DRAWS; i++) {
      const [a, b] = [rng.int(3) === 0 ? rng.int(2) : rng.next(), rng.next()];
      const child = simulatedBinaryCrossover(a, b, 2, rng);
      expect(child >= 0 && child <= 1).toBe(true);
      expect((child - 0.5 * (a + b)) * (a - b)).toBeGreaterThanOrEqual(0);
    }
  });

  it('spreads as often beyond the parents as between them, far from the bounds', () => {
    const rng = createRng(2, 0, 'test');
    let beyond = 0;
    for (let i = 0; i < DRAWS; i++) if (simulatedBinaryCrossover(0.49, 0.51, 20, rng) < 0.49) beyond++;
    // Deb & Agrawal 1995: the spread factor is above 1 with probability 1/2; 4 standard errors.
    expect(Math.abs(beyond / DRAWS - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / DRAWS));
  });
});

describe('polynomial mutation', () => {
  it('stays in [0, 1] and moves either way', () => {
    const rng = createRng(3, 0, 'test');
    for (const position of [0, 0.001, 0.5, 1]) {
      const moved = Array.from({ length: 2_000 }, () => polynomialMutation(position, 20, rng));
      expect(moved.every((x) => x >= 0 && x <= 1)).toBe(true);
      if (position > 0) expect(moved.some((x) => x < position)).toBe(true);
      if (position < 1) expect(moved.some((x) => x > position)).toBe(true);
    }
  });

  it('has the mean step of its density', () => {
    const rng = createRng(4, 0, 'test');
    const steps = Array.from({ length: DRAWS }, () => Math.abs(polynomialMutation(0.5, 20, rng) - 0.5));
    // Of |δ| with density (η+1)(1-δ)^η cut at 1/2, the mean is 1/(η+2) but for 0.5^21.
    expect(steps.reduce((total, x) => total + x, 0) / DRAWS).toBeCloseTo(1 / 22, 2);
  });
});
