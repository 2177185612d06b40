import { expect } from 'vitest';
import { contains } from '../../space/axis.ts';
import { activeParameters } from '../../space/conditions.ts';
import type { Params, Space } from '../../space/types.ts';
import type { Study } from '../../study/types.ts';

/** One complete trial after the other, each with the value that its parameters have. */
export function run(study: Study, trials: number, value: (params: Params, number: number) => number): Study {
  for (let i = 0; i < trials; i++) {
    const { number, params } = study.ask()!;
    study.tell(number, { state: 'complete', value: value(params, number) });
  }
  return study;
}

export const paramsOf = (study: Study): Params[] => study.trials().map(({ params }) => params);

/** Exactly the active parameters, each with a value that it may have. */
export function expectInside(space: Space, params: Params): void {
  expect(Object.keys(params)).toEqual(activeParameters(space, params).map(({ name }) => name));
  for (const { name, distribution } of space)
    if (Object.hasOwn(params, name)) expect(contains(distribution, params[name]!)).toBe(true);
}
