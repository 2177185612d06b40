import { expect, it } from 'vitest';
import { parseRoute, trialPath } from './route.ts';

it('reads back the address of a trial, whatever the name of its sweep', () => {
  for (const sweep of ['digits', 'a/b', '100 %', 'ö#?&']) {
    expect(parseRoute(trialPath(sweep, 12))).toEqual({ page: 'trial', sweep, number: 12 });
  }
});

it.each(['', '#', '#/', '#/sweep/', '#/sweep/%', '#/sweep/a/trial/x', '#/sweep/a/trial/1/2', '#/other'])(
  'takes %o for home',
  (hash) => {
    expect(parseRoute(hash)).toEqual({ page: 'home' });
  },
);
