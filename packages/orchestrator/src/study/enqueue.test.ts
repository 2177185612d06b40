import { describe, expect, it } from 'vitest';
import type { Params, Space } from '../space/types.ts';
import { createPureStudy } from './index.ts';
import type { Study, StudyOptions } from './types.ts';

const SPACE: Space = [
  {
    name: 'optimizer',
    distribution: { kind: 'categorical', choices: ['adam', 'sgd'], ordered: false },
    when: [],
  },
  {
    name: 'momentum',
    distribution: { kind: 'float', low: 0.5, high: 0.9, log: false },
    when: [{ parameter: 'optimizer', kind: 'in', values: ['sgd'] }],
  },
];

function study(options: Partial<StudyOptions> = {}): Study {
  return createPureStudy({
    parameters: SPACE,
    metric: { name: 'loss', goal: 'minimize', reduce: { type: 'last' } },
    method: 'random',
    sampler: { type: 'random', options: {} },
    scheduler: null,
    seed: 3,
    runCap: 3,
    maxStep: null,
    points: [],
    ...options,
  });
}

describe('a trial of the user’s choice', () => {
  it('has the values that were given, and draws the others so that all of them can exist', () => {
    expect(study().enqueue({ momentum: 0.6 })).toMatchObject({
      number: 0,
      params: { optimizer: 'sgd', momentum: 0.6 },
    });
    expect(() => study().enqueue({ optimizer: 'adam', momentum: 0.6 })).toThrow('exists only where');
    expect(() => study().enqueue({ momentum: 2 })).toThrow('momentum');
  });

  it('uses up no point of the warm start, and is replayed as what it was', () => {
    const points: Params[] = [{ optimizer: 'adam' }, { optimizer: 'sgd', momentum: 0.7 }];
    const first = study({ points });
    const chosen = first.enqueue({ optimizer: 'sgd', momentum: 0.55 });
    expect(first.ask()).toMatchObject({ number: 1, params: { optimizer: 'adam' } });

    const again = study({ points });
    again.restore(chosen.params, true);
    again.restore({ optimizer: 'adam' });
    expect(again.ask()).toMatchObject({ number: 2, params: { optimizer: 'sgd', momentum: 0.7 } });
  });

  it('counts as one of the run cap, and goes beyond it', () => {
    const capped = study();
    capped.enqueue({ optimizer: 'adam' });
    capped.ask();
    expect(capped.remaining()).toBe(1);
    capped.ask();
    expect(capped.ask()).toBeNull();
    expect(capped.enqueue({ optimizer: 'adam' }).number).toBe(3);
  });

  it('takes what is fixed, unless that excludes what was given', () => {
    const fixed = { optimizer: 'adam' };
    expect(study({ fixed }).enqueue({}).params).toEqual({ optimizer: 'adam' });
    expect(study({ fixed }).enqueue({ momentum: 0.6 }).params).toEqual({ optimizer: 'sgd', momentum: 0.6 });
  });

  it('waits for its turn where trials follow in order', () => {
    const ordered = study({ lag: 1 });
    ordered.ask();
    expect(() => ordered.enqueue({ optimizer: 'adam' })).toThrow('once trial 0 is finished');
  });
});
