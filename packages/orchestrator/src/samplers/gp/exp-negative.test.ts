import { expect, it } from 'vitest';
import { expNegative } from './exp-negative.ts';

it('is the exponential of the negative number to 13 digits', () => {
  for (let s = 0; s < 700; s += 0.0371) {
    const exact = Math.exp(-s);
    expect(Math.abs(expNegative(s) - exact)).toBeLessThan(1e-13 * exact);
  }
  expect([0, 744.99, 745, 1e9, Number.POSITIVE_INFINITY, Number.NaN].map(expNegative)).toEqual([
    1,
    expect.closeTo(0, 300),
    0,
    0,
    0,
    0,
  ]);
});
