import { expect, it } from 'vitest';
import { compareGroups } from '../analysis/index.ts';
import { completeTrials } from '../analysis/testing/trial-rows.ts';
import { verdictLines } from './verdict-text.ts';

function verdictText(a: readonly number[], b: readonly number[]): string {
  const groups = [a, b].map((values, g) => ({
    label: 'ab'[g]!,
    sweeps: values.map((value, k) => ({
      name: `${g}-${k}`,
      seed: 100 * g + k,
      trials: completeTrials([value]),
    })),
  }));
  const { verdicts } = compareGroups(groups, { goal: 'minimize' });
  return verdictLines(verdicts[0]!, 'trials', 'trials').join('\n');
}

it('gives both tests of a difference, and calls it significant where both do', () => {
  const text = verdictText([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]);
  expect(text).toContain(
    "a is ahead of b by 5 after 1 trials (Mann-Whitney's U over 5 and 5 runs, p = 0.0079; of the means by permutation p = 0.0079). " +
      'The difference is significant.',
  );
});

it('says where ranks and means disagree, and what that means', () => {
  const most = verdictText([1, 2, 3, 4, 5, 6, 7, 100], [8, 9, 10, 11, 12, 13, 14, 15]);
  expect(most).toContain('b is ahead of a');
  expect(most).toContain(
    'The tests disagree.\n  One side is better in most runs, but single runs decide the means',
  );
  const far = verdictText([0, 2, 4, 6, 8, 10, 12, 14], [1, 3, 5, 39, 40, 41, 42, 43]);
  expect(far).toContain('a is ahead of b');
  expect(far).toContain('The tests disagree.\n  The means differ by more than chance');
});
