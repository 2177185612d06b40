import { describe, expect, it } from 'vitest';
import { choice, constant, createStudy, defineSampler, float, int, when } from '../index.ts';

const bowl = ({ x, y }: { x: number; y: number }): number => (x - 0.3) ** 2 + (y - 0.7) ** 2;
const plane = { x: float(0, 1), y: float(0, 1) };

describe('createStudy', () => {
  it('finds the bottom of a bowl better than random draws do', async () => {
    const searched = await createStudy({ parameters: plane, seed: 3 }).optimize(bowl, { trials: 60 });
    const drawn = await createStudy({ parameters: plane, sampler: 'random', seed: 3 }).optimize(bowl, {
      trials: 60,
    });
    expect(searched!.value).toBeLessThan(drawn!.value);
    expect(searched!.value).toBeCloseTo(bowl(searched!.params), 12);
  });

  it('maximises where the metric says so, and ends at its target', async () => {
    const study = createStudy({
      parameters: plane,
      metric: { goal: 'maximize', target: 0.5 },
      sampler: 'sobol',
    });
    const best = await study.optimize(({ x }) => x);
    expect(best!.value).toBeGreaterThanOrEqual(0.5);
    expect(
      study
        .trials()
        .slice(0, -1)
        .every(({ value }) => value! < 0.5),
    ).toBe(true);
  });

  it('is driven by ask, report and tell as well', () => {
    const study = createStudy({ parameters: plane, metric: { reduce: { type: 'best' } } });
    const trial = study.ask()!;
    expect(study.report(trial.number, 1, 0.2)).toEqual({ stop: null });
    study.report(trial.number, 2, 0.5);
    expect(study.tell(trial.number)).toMatchObject({ state: 'complete', value: 0.2 });
    expect(study.best()).toEqual({
      number: 0,
      value: 0.2,
      values: { value: 0.2 },
      params: trial.params,
    });
    study.tell(study.ask()!.number, { state: 'failed' });
    expect(study.trials().map(({ state }) => state)).toEqual(['complete', 'failed']);
  });

  it('takes declarations in any order, and leaves a conditional parameter out where its condition fails', async () => {
    const seen = new Set<string>();
    const study = createStudy({
      parameters: {
        momentum: when({ optimizer: ['sgd'], layers: { ge: 2 } }, float(0.5, 0.99)),
        layers: int(1, 3),
        optimizer: choice(['adam', 'sgd']),
        version: constant(2),
      },
      sampler: 'random',
    });
    await study.optimize(
      (params) => {
        expect('momentum' in params).toBe(params.optimizer === 'sgd' && params.layers >= 2);
        seen.add(`${params.optimizer} ${params.layers}`);
        return params.version;
      },
      { trials: 100, onError: 'throw' },
    );
    expect(seen.size).toBe(6);
  });

  it('tries the given points first, walks a grid to its end, and learns from known results', async () => {
    const study = createStudy({
      parameters: { a: choice(['x', 'y', 'z']), b: int(1, 2) },
      sampler: 'grid',
      points: [{ a: 'z', b: 1 }],
    });
    const tried: string[] = [];
    await study.optimize(({ a, b }) => tried.push(`${a}${b}`));
    expect(tried[0]).toBe('z1');
    expect(tried.toSorted()).toEqual(['x1', 'x2', 'y1', 'y2', 'z1', 'z2']);
    expect(study.add({ a: 'y', b: 2 }, -1)).toMatchObject({ number: 6, value: -1 });
    expect(study.best()).toMatchObject({ value: -1, params: { a: 'y', b: 2 } });
    expect(() => study.add({ a: 'y', b: 7 }, 1)).toThrow('`b` the value 7');
  });

  it('takes a sampler of the user, and refuses what it suggests against the rules', async () => {
    const corners = defineSampler({
      name: 'corners',
      create: () => ({
        suggest: ({ number }) => (number < 4 ? { params: { x: number % 2, y: number >> 1 } } : null),
        left: (history, pending) => Math.max(0, 4 - history.length - pending.length),
      }),
    });
    const study = createStudy({ parameters: plane, sampler: corners });
    await study.optimize(({ x, y }) => x + y);
    expect(study.trials().map(({ value }) => value)).toEqual([0, 1, 1, 2]);
    const astray = defineSampler({
      name: 'astray',
      create: () => ({ suggest: () => ({ params: { x: 2 } }) }),
    });
    expect(() => createStudy({ parameters: plane, sampler: astray }).ask()).toThrow(
      'The sampler `astray` broke the rules in trial 0. The point {"x":2} gives `x` the value 2',
    );
  });

  it('optimises several metrics under a constraint, and shows the front of what is feasible', async () => {
    const study = createStudy({
      parameters: plane,
      metrics: { error: {}, size: { goal: 'minimize' }, speed: { min: 0.2 } },
      sampler: 'sobol',
    });
    await study.optimize(({ x, y }) => ({ error: 1 - x, size: x, speed: y }), { trials: 16 });
    const feasible = study.trials().filter(({ params }) => params.y >= 0.2);
    // What one metric gains the other loses: every feasible trial is on the front.
    expect(
      study
        .front()
        .map(({ number }) => number)
        .toSorted((a, b) => a - b),
    ).toEqual(feasible.map(({ number }) => number));
    expect(study.best()!.values.error).toBe(1 - Math.max(...feasible.map(({ params }) => params.x)));
    expect(() => study.tell(study.ask()!.number, { error: 1 } as never)).toThrow('of size, speed');
    expect(() => createStudy({ parameters: plane, metrics: { speed: { min: 1 } } })).toThrow(
      'optimises nothing',
    );
  });

  it.each([
    ['a circle of conditions', { a: when({ b: 1 }, int(0, 1)), b: when({ a: 1 }, int(0, 1)) }, 'circle'],
    ['what no builder made', { a: { min: 0, max: 1 } }, 'Parameter `a` is not declared'],
    ['bounds that are the wrong way round', { a: float(1, 0) }, 'no numbers lie between 1 and 0'],
  ])('refuses %s', (_what, parameters, message) => {
    expect(() => createStudy({ parameters: parameters as never })).toThrow(message);
  });

  it('gives the same trials for the same seed, and others for another', async () => {
    const run = async (seed: number): Promise<unknown> => {
      const study = createStudy({ parameters: plane, seed });
      await study.optimize(bowl, { trials: 25 });
      return study.trials();
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });
});
