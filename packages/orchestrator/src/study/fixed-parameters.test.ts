import { expect, it } from 'vitest';
import { SpaceError } from '../space/space-error.ts';
import { float, isIn, oneOf, parameter, studyWith } from './testing/spaces.ts';

const SPACE = [
  parameter('optimizer', oneOf('adam', 'sgd')),
  parameter('momentum', float(0, 1), isIn('optimizer', 'sgd')),
  parameter('rate', float(0, 1)),
];

function ask(count: number, fixed: Record<string, string | number>, method: 'random' | 'bayes' = 'random') {
  const study = studyWith({ parameters: SPACE, method, fixed });
  return Array.from({ length: count }, () => {
    const { number, params } = study.ask()!;
    study.tell(number, { state: 'complete', value: Number(params.rate) });
    return params;
  });
}

it.each(['random', 'bayes'] as const)(
  'gives every trial the fixed value and goes on searching the rest (%s)',
  (method) => {
    const asked = ask(25, { optimizer: 'sgd' }, method);
    expect(new Set(asked.map(({ optimizer }) => optimizer))).toEqual(new Set(['sgd']));
    // What exists because of the fixed value is drawn.
    expect(new Set(asked.map(({ momentum }) => momentum)).size).toBe(25);
    // The best rate is 0, which a model may well try again with another momentum.
    expect(new Set(asked.map(({ rate }) => rate)).size).toBeGreaterThan(8);
  },
);

it('leaves out what a fixed value makes impossible, and fixes a child only where it exists', () => {
  for (const params of ask(10, { optimizer: 'adam' })) expect(params).not.toHaveProperty('momentum');
  const asked = ask(30, { momentum: 0.25 });
  expect(new Set(asked.map(({ optimizer, momentum }) => `${optimizer} ${momentum}`))).toEqual(
    new Set(['adam undefined', 'sgd 0.25']),
  );
});

it('lets a sampler suggest as before: what is free is what it would have been', () => {
  const free = studyWith({ parameters: SPACE, seed: 5 });
  const fixed = studyWith({ parameters: SPACE, seed: 5, fixed: { optimizer: 'sgd' } });
  for (let i = 0; i < 5; i++) {
    const suggested = free.ask()!.params;
    expect(fixed.ask()!.params).toEqual({
      ...suggested,
      optimizer: 'sgd',
      momentum: suggested.momentum ?? expect.any(Number),
    });
  }
});

it('tries no point twice where suggestions differ in the fixed parameter alone, until none is left', () => {
  const study = studyWith({
    parameters: [parameter('a', oneOf('w', 'x', 'y', 'z')), parameter('b', oneOf(1, 2, 3, 4, 5))],
    fixed: { a: 'x' },
    seed: 2,
  });
  const asked = Array.from({ length: 4 }, () => study.ask()!.params.b);
  expect(new Set(asked).size).toBe(4);
  for (let i = 0; i < 4; i++) expect(study.ask()!.params.a).toBe('x');
});

it('tries what is left of a grid, each point once', () => {
  const grid = {
    parameters: [parameter('a', oneOf('x', 'y')), parameter('b', oneOf('p', 'q', 'r'))],
    method: 'grid',
  } as const;
  const before = studyWith(grid);
  const study = studyWith({ ...grid, fixed: { a: 'y' } });
  study.restore(before.ask()!.params);
  study.restore({ a: 'y', b: 'q' });
  expect(study.remaining()).toBe(2);
  expect([study.ask()!.params, study.ask()!.params]).toEqual([
    { a: 'y', b: 'p' },
    { a: 'y', b: 'r' },
  ]);
  expect(study.ask()).toBeNull();
});

it('refuses a value that the parameter cannot have, a stranger, and two that exclude each other', () => {
  expect(() => ask(1, { rate: 2 })).toThrow(SpaceError);
  expect(() => ask(1, { rat: 0.5 })).toThrow(/did you mean `rate`/);
  expect(() => ask(1, { optimizer: 'adam', momentum: 0.5 })).toThrow(
    /`momentum` is fixed, and exists only where/,
  );
});
