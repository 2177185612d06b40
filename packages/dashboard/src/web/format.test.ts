import { expect, it } from 'vitest';
import { formatDuration, formatNumber, formatRate } from './format.ts';

it.each([
  [0, '0'],
  [64, '64'],
  [0.97123456, '0.97123'],
  [0.1 + 0.2, '0.3'],
  [0.00012, '0.00012'],
  [0.0000123456, '1.235e-5'],
  [1e-5, '1e-5'],
  [12_345_678.9, '1.235e7'],
  [-0.5, '-0.5'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, '∞'],
  [Number.NEGATIVE_INFINITY, '−∞'],
])('writes the number %d as %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

it.each([
  [0.123, '0.12 s'],
  [9.96, '10.0 s'],
  [59.4, '59 s'],
  [59.6, '1 min 00 s'],
  [125, '2 min 05 s'],
  [7_800, '2 h 10 min'],
  [90_000, '1 d 1 h'],
])('writes %d seconds as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

it.each([
  [1_234.5, '1,235', 'per second'],
  [0.5, '30', 'per minute'],
  [0.001, '3.6', 'per hour'],
])('writes %d trials per second as %s %s', (rate, amount, unit) => {
  expect(formatRate(rate)).toEqual({ amount, unit });
});
