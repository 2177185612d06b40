import { expect, it } from 'vitest';
import { createRng } from '../../study/rng.ts';
import { INFEASIBLE, RankOrder } from './rank-order.ts';

it('keeps the order of a full sort, however the trials come in', () => {
  const rng = createRng(1, 0, 'test');
  const keys = Array.from({ length: 700 }, (_, number) => ({
    number,
    tier: rng.int(3),
    first: rng.int(4),
    second: rng.int(10) === 0 ? Number.POSITIVE_INFINITY : rng.int(20),
  }));
  const expected = [...keys]
    .sort(
      (a, b) =>
        a.tier - b.tier ||
        a.first - b.first ||
        (a.second === b.second ? 0 : a.second - b.second) ||
        a.number - b.number,
    )
    .map(({ number }) => number);
  for (const batch of [1, 7, 50, 700]) {
    const order = new RankOrder();
    const left = [...keys];
    while (left.length > 0) {
      for (let i = 0; i < batch && left.length > 0; i++) order.add(left.splice(rng.int(left.length), 1)[0]!);
      order.settle();
    }
    expect([...order.order]).toEqual(expected);
    expect(order.feasible).toBe(keys.filter(({ tier }) => tier === 0).length);
    for (const { number } of keys) if (number % 3 === 0) order.remove(number);
    expect([...order.order]).toEqual(expected.filter((number) => number % 3 !== 0));
  }
});

it('gives the trials of one tier other numbers and leaves the rest where they are', () => {
  const order = new RankOrder();
  for (let number = 0; number < 60; number++)
    order.add({ number, tier: number % 3, first: number % 7, second: 0 });
  order.settle();
  const before = [...order.order];
  order.rescore(INFEASIBLE, (number) => -number);
  const infeasible = before.filter((number) => number % 3 === INFEASIBLE);
  expect([...order.order]).toEqual([...before.slice(0, 40), ...infeasible.sort((a, b) => b - a)]);
  order.add({ number: 60, tier: INFEASIBLE, first: -30, second: 0 });
  order.settle();
  // Of two with the same number the earlier trial comes first; 29 and 32 are the neighbours.
  expect([...order.order].indexOf(60)).toBe([...order.order].indexOf(29) - 1);
});
