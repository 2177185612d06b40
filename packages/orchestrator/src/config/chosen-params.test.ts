import { expect, it } from 'vitest';
import type { Space } from '../space/types.ts';
import { chosenParams } from './chosen-params.ts';

const float = { kind: 'float', low: 0, high: 10, log: false } as const;
const space: Space = [
  { name: 'a', distribution: { kind: 'categorical', choices: ['x', 'y'], ordered: false }, when: [] },
  { name: 'b', distribution: float, when: [{ kind: 'in', parameter: 'a', values: ['x'] }] },
  { name: 'c', distribution: float, when: [{ kind: 'compare', parameter: 'b', ge: 1 }] },
  { name: 'd', distribution: float, when: [] },
];
const like = { a: 'x', b: 1, c: 5, d: 2 };

it('leaves out of the point of another trial what can’t exist beside the new values, and what hangs on that', () => {
  expect(chosenParams(space, ['a=y'], like)).toEqual({ a: 'y', d: 2 });
  expect(chosenParams(space, ['b=0.5'], like)).toEqual({ a: 'x', b: 0.5, d: 2 });
  expect(chosenParams(space, ['d=3'], like)).toEqual({ ...like, d: 3 });
});

it('takes a child without its parents, which are drawn so that it exists', () => {
  expect(chosenParams(space, ['c=3'], null)).toEqual({ c: 3 });
});

it('refuses what is named and can’t exist, with the condition', () => {
  expect(() => chosenParams(space, ['a=y', 'c=3'], like)).toThrow('`c` is there only when b >= 1');
  expect(() => chosenParams(space, ['a=y', 'b=3'], null)).toThrow('`b` is there only when a is "x"');
});
