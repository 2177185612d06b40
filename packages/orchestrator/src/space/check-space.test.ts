import { expect, it } from 'vitest';
import { float, int, isIn, oneOf, ordinal, parameter } from '../study/testing/spaces.ts';
import { checkSpace } from './check-space.ts';
import type { Space } from './types.ts';

it.each<[Space, RegExp]>([
  [[parameter('x', float(1, 0))], /`x`: no numbers lie between 1 and 0/],
  [[parameter('x', float(0, 1, { log: true }))], /begins above 0, not at 0/],
  [[parameter('x', float(0.1, 0.4, { step: 0.5 }))], /no multiple of 0.5 lies between 0.1 and 0.4/],
  [[parameter('x', int(1, 4, { step: 0.5 }))], /the quantum of whole numbers is 0.5/],
  [[parameter('x', float(0, 1, { step: 0 }))], /the quantum is 0; it must be above 0/],
  [[parameter('x', oneOf())], /no values to choose from/],
  [[parameter('x', oneOf('a', 'a'))], /a value is listed twice/],
  [[parameter('x', ordinal(2, 1))], /ascending order/],
  [
    [parameter('x', { kind: 'categorical', choices: ['a', 'b'], probabilities: [1], ordered: false })],
    /2 values and 1 probabilities/,
  ],
  [
    [parameter('x', { kind: 'categorical', choices: ['a', 'b'], probabilities: [0.5, 0.4], ordered: false })],
    /sum to 0.9, not to 1/,
  ],
  [[parameter('x', { kind: 'normal', mu: 0, sigma: 0, log: false, int: false })], /sigma 0 make no normal/],
  [[parameter('x', float(0, 1)), parameter('x', float(0, 1))], /two parameters called `x`/],
  [
    [parameter('x', float(0, 1), isIn('y', 1)), parameter('y', int(0, 1))],
    /names `y`, which is no earlier parameter/,
  ],
  [[{ ...parameter('x', int(0, 5)), prior: 9 }], /prior 9 must be a whole number between 0 and 5/],
  [[parameter('__proto__', float(0, 1))], /cannot be called `__proto__`/],
])('refuses a space that makes no sense: %#', (space, message) => {
  expect(() => checkSpace(space)).toThrow(message);
});
