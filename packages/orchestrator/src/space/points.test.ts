import { describe, expect, it } from 'vitest';
import { createRng } from '../study/rng.ts';
import { atLeast, float, int, isIn, oneOf, parameter } from '../study/testing/spaces.ts';
import { activeParameters } from './conditions.ts';
import { checkPoint, completePoint, drawParams, pointKey } from './points.ts';
import type { Params } from './types.ts';

const SPACE = [
  parameter('optimizer', oneOf('adam', 'sgd', 'rmsprop')),
  parameter('momentum', float(0.5, 0.99), isIn('optimizer', 'sgd', 'rmsprop')),
  parameter('nesterov', oneOf(true, false), isIn('optimizer', 'sgd'), atLeast('momentum', 0.7)),
  parameter('layers', int(1, 3)),
  parameter('units2', int(8, 64, { log: true }), atLeast('layers', 2)),
];

function names(point: Params): string[] {
  return activeParameters(SPACE, point).map(({ name }) => name);
}

describe('conditions', () => {
  it('leave out the child of an absent parent, even where the point still holds the parent', () => {
    expect(names({ optimizer: 'adam', momentum: 0.9, layers: 1 })).toEqual(['optimizer', 'layers']);
    expect(names({ optimizer: 'rmsprop', momentum: 0.9, layers: 3 })).toEqual([
      'optimizer',
      'momentum',
      'layers',
      'units2',
    ]);
    expect(names({ optimizer: 'sgd', momentum: 0.6, layers: 1 })).not.toContain('nesterov');
    expect(names({ optimizer: 'sgd', momentum: 0.7, layers: 1 })).toContain('nesterov');
  });

  it('hold at every drawn point, and all of its branches are drawn', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 500; i++) {
      const params = drawParams(SPACE, createRng(1, i, 'ask'));
      expect(Object.keys(params)).toEqual(names(params));
      seen.add(Object.keys(params).join());
    }
    expect(seen.size).toBe(6);
  });
});

describe('completePoint', () => {
  const complete = (point: Params): Params => completePoint(SPACE, point, createRng(5, 0, 'warm start'));

  it('keeps what is given and draws the rest', () => {
    const params = complete({ optimizer: 'sgd', momentum: 0.75 });
    expect(params).toMatchObject({ optimizer: 'sgd', momentum: 0.75 });
    expect(Object.keys(params)).toEqual(names(params));
    expect(Object.keys(params)).toContain('nesterov');
  });

  it('draws the parents of a given child so that the child exists', () => {
    for (let i = 0; i < 30; i++) {
      const params = completePoint(SPACE, { nesterov: true, units2: 16 }, createRng(i, 0, 'warm start'));
      expect(params).toMatchObject({ optimizer: 'sgd', nesterov: true, units2: 16 });
      expect(params.layers).toBeGreaterThanOrEqual(2);
    }
  });

  it('refuses a child whose condition the point itself rules out', () => {
    expect(() => complete({ optimizer: 'adam', momentum: 0.9 })).toThrow(
      /gives `momentum`, which exists only where optimizer is one of "sgd", "rmsprop"/,
    );
  });

  it('names the nearest parameter for one that does not exist', () => {
    expect(() => checkPoint(SPACE, { optimiser: 'adam' })).toThrow(/`optimiser`; did you mean `optimizer`\?/);
  });

  it('says which values would do', () => {
    expect(() => checkPoint(SPACE, { layers: 4 })).toThrow(
      /`layers` the value 4; it must be a whole number between 1 and 3/,
    );
  });
});

it('gives one key to one point, and tells 1 from "1" and absent from null', () => {
  const space = [parameter('a', oneOf(1, '1', null)), parameter('b', oneOf(1, '1', null), isIn('a', 1))];
  expect(pointKey(space, { a: 1, b: null })).toBe(pointKey(space, { b: null, a: 1 }));
  const points: Params[] = [{ a: 1, b: 1 }, { a: 1, b: '1' }, { a: 1, b: null }, { a: '1' }, { a: null }];
  const keys = points.map((point) => pointKey(space, point));
  expect(new Set(keys).size).toBe(5);
});
