import { describe, expect, expectTypeOf, it } from 'vitest';
import { choice, constant, createStudy, float, int, normal, type ParamsOf, when } from '../index.ts';

const parameters = {
  rate: float(1e-5, 0.1, { log: true }),
  units: int(16, 256, { step: 16 }),
  optimizer: choice(['adam', 'sgd', null]),
  momentum: when({ optimizer: 'sgd' }, float(0.5, 0.99)),
  nesterov: when({ optimizer: ['sgd'], units: { ge: 32 } }, choice([true, false])),
  shift: normal(0, 1),
  version: constant('v1'),
};

describe('the type of params', () => {
  it('follows from the declarations: choices as literals, conditional ones with a question mark', () => {
    const study = createStudy({ parameters });
    const { params } = study.ask()!;
    expectTypeOf(params.rate).toEqualTypeOf<number>();
    expectTypeOf(params.units).toEqualTypeOf<number>();
    expectTypeOf(params.optimizer).toEqualTypeOf<'adam' | 'sgd' | null>();
    expectTypeOf(params.momentum).toEqualTypeOf<number | undefined>();
    expectTypeOf(params.nesterov).toEqualTypeOf<boolean | undefined>();
    expectTypeOf(params.version).toEqualTypeOf<'v1'>();
    expectTypeOf<ParamsOf<typeof parameters>>().toEqualTypeOf(params);
    expect(Object.keys(params)).toContain('rate');
  });

  it('is the same where the declarations stand in the call', () => {
    const study = createStudy({
      parameters: {
        optimizer: choice(['adam', 'sgd']),
        momentum: when({ optimizer: 'sgd' }, float(0.5, 0.99)),
      },
    });
    const asked = study.ask()!;
    expectTypeOf(asked.params).toEqualTypeOf<{
      readonly optimizer: 'adam' | 'sgd';
      readonly momentum?: number;
    }>();
    expectTypeOf(study.best()).toEqualTypeOf<{
      readonly number: number;
      readonly value: number;
      readonly values: { readonly value: number };
      readonly params: { readonly optimizer: 'adam' | 'sgd'; readonly momentum?: number };
    } | null>;
    expect(['adam', 'sgd']).toContain(asked.params.optimizer);
  });

  it('knows no name that was not declared, and no other type', () => {
    const { params } = createStudy({ parameters }).ask()!;
    // @ts-expect-error: a misspelt name
    expect(params.ratee).toBeUndefined();
    // @ts-expect-error: a number is no string
    const text: string = params.rate;
    // @ts-expect-error: it may be absent
    const momentum: number = params.momentum;
    // @ts-expect-error: not one of the choices
    expect(params.optimizer === 'adagrad').toBe(false);
    // @ts-expect-error: params are read only
    expect(() => (params.rate = 1)).toThrow(TypeError);
    expect([text, momentum]).toHaveLength(2);
  });
});

describe('a condition', () => {
  it('that names no parameter, or a value that it cannot have, does not compile', () => {
    expect(() =>
      createStudy({
        // @ts-expect-error: no such parameter
        parameters: { a: choice(['x', 'y']), b: when({ c: 'x' }, float(0, 1)) },
      }),
    ).toThrow('Parameter `b`: its condition names `c`');
    createStudy({
      // @ts-expect-error: no such value
      parameters: { a: choice(['x', 'y']), b: when({ a: 'z' }, float(0, 1)) },
    });
    createStudy({
      // @ts-expect-error: bounds are for numbers
      parameters: { a: choice(['x', 'y']), b: when({ a: { ge: 2 } }, float(0, 1)) },
    });
    expect(() =>
      createStudy({
        // @ts-expect-error: a parameter is no condition of itself
        parameters: { b: when({ b: 1 }, float(0, 1)) },
      }),
    ).toThrow('no other parameter');
  });
});

describe('several metrics', () => {
  it('are what the objective returns, by name', async () => {
    const study = createStudy({ parameters, metrics: { loss: {}, size: { max: 5 } } });
    await study.optimize(
      (_, { report }) => {
        report(1, { loss: 1 });
        // @ts-expect-error: no such metric
        expect(() => report(2, { lost: 1 })).toThrow('did you mean `loss`');
        return { loss: 1, size: 2 };
      },
      { trials: 1 },
    );
    expectTypeOf(study.best()!.values).toEqualTypeOf<{ readonly loss: number; readonly size: number }>();
    // @ts-expect-error: a metric is missing
    const run = study.optimize(() => ({ loss: 1 }), { trials: 1 });
    await expect(run).rejects.toThrow('of size');
    // @ts-expect-error: one number is not enough
    expect(() => study.tell(study.ask()!.number, 1)).toThrow('of size');
  });
});

describe('an option', () => {
  it('that does not exist, or has another type, does not compile', () => {
    // @ts-expect-error: no such sampler
    expect(() => createStudy({ parameters, sampler: 'simulated-annealing' })).toThrow();
    // @ts-expect-error: no such option
    expect(() => createStudy({ parameters, sead: 1 })).toThrow('did you mean `seed`');
    // @ts-expect-error: a belief has the type of the choices
    expect(choice(['x', 'y'], { prior: 'z' }).prior).toBe('z');
    // @ts-expect-error: a point has the declared names
    expect(() => createStudy({ parameters, points: [{ speed: 1 }] })).toThrow('speed');
  });

  it('of an objective: what it returns is a number', async () => {
    const study = createStudy({ parameters });
    // @ts-expect-error: a text is no value
    const run = study.optimize(() => 'good', { trials: 1 });
    await expect(run).rejects.toThrow('a number');
  });
});
