import { expect, it } from 'vitest';
import { didYouMean, editDistance, nearest } from './nearest.ts';

it.each([
  ['', 'abc', 3],
  ['abc', 'abc', 0],
  ['abc', 'acb', 1],
  ['kitten', 'sitting', 3],
  ['ca', 'abc', 3],
])('counts the edits from %j to %j', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});

it('takes other ways of joining words as the same spelling', () => {
  expect(nearest('learningRate', ['learning_rate', 'dropout'])).toBe('learning_rate');
});

it('names nothing where nothing is near', () => {
  expect(nearest('frobnicate', ['seed', 'budget'])).toBeNull();
  expect(didYouMean('frobnicate', ['seed'])).toBe('');
  expect(nearest('x'.repeat(10_000), ['seed'])).toBeNull();
});
