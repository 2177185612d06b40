import { expect, it } from 'vitest';
import { type Differentiable, minimise } from './lbfgs.ts';

/** Minimum 0 at (1, 1, 1). */
const rosenbrock: Differentiable = (x, gradient) => {
  gradient.fill(0);
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const bend = x[i + 1]! - x[i]! ** 2;
    sum += 100 * bend ** 2 + (1 - x[i]!) ** 2;
    gradient[i] = gradient[i]! - 400 * x[i]! * bend - 2 * (1 - x[i]!);
    gradient[i + 1] = gradient[i + 1]! + 200 * bend;
  }
  return sum;
};

const box = (low: number, high: number) => ({
  lower: new Float64Array(3).fill(low),
  upper: new Float64Array(3).fill(high),
  evaluations: 300,
  gradientTolerance: 1e-9,
  valueTolerance: 0,
});

it('finds the end of a bent valley', () => {
  const { x, value } = minimise(rosenbrock, Float64Array.of(-1.2, 1, -0.5), box(-3, 3));
  expect(value).toBeLessThan(1e-12);
  for (const xi of x) expect(xi).toBeCloseTo(1, 5);
});

it('ends at a bound with the rest at their best', () => {
  const { x } = minimise(rosenbrock, Float64Array.of(0, 0, 0), box(-0.5, 0.5));
  expect(x[0]).toBe(0.5);
  // Given x0 = 0.5: the best x1 and x2 in the box, from a grid of a million points.
  let best = { value: Number.POSITIVE_INFINITY, x1: 0, x2: 0 };
  for (let i = 0; i <= 1000; i++)
    for (let j = 0; j <= 1000; j++) {
      const point = Float64Array.of(0.5, i / 1000 - 0.5, j / 1000 - 0.5);
      const value = rosenbrock(point, new Float64Array(3));
      if (value < best.value) best = { value, x1: point[1]!, x2: point[2]! };
    }
  expect(x[1]).toBeCloseTo(best.x1, 2);
  expect(x[2]).toBeCloseTo(best.x2, 2);
});

it('keeps to its number of evaluations', () => {
  let calls = 0;
  const counted: Differentiable = (x, gradient) => {
    calls++;
    return rosenbrock(x, gradient);
  };
  minimise(counted, Float64Array.of(-1.2, 1, -0.5), { ...box(-3, 3), evaluations: 7 });
  expect(calls).toBe(7);
});
