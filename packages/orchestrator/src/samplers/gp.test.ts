import { describe, expect, it } from 'vitest';
import { contains } from '../space/axis.ts';
import { pointKey } from '../space/points.ts';
import type { Params } from '../space/types.ts';
import { float, int, oneOf, parameter, studyWith } from '../study/testing/spaces.ts';
import type { Study, StudyOptions } from '../study/types.ts';
import { conditional } from './testing/conditional-problem.ts';
import { expectInside, paramsOf, run } from './testing/run-study.ts';

const { parameters, loss } = conditional;

const gp = (options: Partial<StudyOptions> = {}): Study =>
  studyWith({ parameters, method: 'bayes', sampler: { type: 'gp', options: {} }, ...options });

describe('the Gaussian process', () => {
  it('comes much closer than random search where parameters are conditional and of all kinds', () => {
    const best = (type: 'gp' | 'random', seed: number): number =>
      run(gp({ seed, sampler: { type, options: {} } }), 40, loss).best()!.value;
    const seeds = [1, 2, 3];
    const mean = (type: 'gp' | 'random'): number =>
      seeds.reduce((sum, seed) => sum + best(type, seed) / seeds.length, 0);
    expect(mean('gp')).toBeLessThan(0.25 * mean('random'));
  });

  it('suggests only values that the space has, and exactly the active parameters', () => {
    for (const params of paramsOf(run(gp(), 40, loss))) expectInside(parameters, params);
  });

  it('begins in the middle, or where the priors say, and not if told', () => {
    const space = [
      { ...parameter('rate', float(1e-5, 1, { log: true })), prior: 1e-3 },
      parameter('x', float(0, 4)),
    ];
    const study = gp({ parameters: space });
    expect(study.ask()!.params).toEqual({ rate: 1e-3, x: 2 });
    expect(study.ask()!.params).toEqual({ rate: expect.closeTo(10 ** -2.5, 10), x: 2 });
    const without = gp({ parameters: [space[1]!], sampler: { type: 'gp', options: { centre: false } } });
    expect(without.ask()!.params).not.toEqual({ x: 2 });
  });

  it('says what a trial is for', () => {
    const study = gp();
    const said = Array.from({ length: 9 }, () => {
      const { number, params, sampler } = study.ask()!;
      study.tell(number, { state: 'complete', value: loss(params) });
      return sampler;
    });
    expect(said[0]).toBe('gp (start: the centre)');
    expect(said[6]).toBe('gp (start)');
    expect(said[7]).toMatch(/^gp \(log-EI in a box around trial \d+\)$/);
    expect(said[8]).toBe('gp (log-EI)');
  });

  it('repeats itself from the same seed, and not from another', () => {
    expect(paramsOf(run(gp({ seed: 5 }), 24, loss))).toEqual(paramsOf(run(gp({ seed: 5 }), 24, loss)));
    expect(paramsOf(run(gp({ seed: 5 }), 4, loss))).not.toEqual(paramsOf(run(gp({ seed: 6 }), 4, loss)));
  });

  it('asks the same after a restart, whatever it had worked out before', () => {
    const study = gp({ seed: 2 });
    const running: number[] = [];
    // Trials end out of order, so that what was fitted before has seen other trials.
    for (let i = 0; i < 40; i++) {
      running.push(study.ask()!.number);
      if (running.length < 4) continue;
      const [number] = running.splice((i * 7) % 4, 1);
      study.tell(number!, { state: 'complete', value: loss(study.trials()[number!]!.params) });
    }
    const resumed = gp({ seed: 2 });
    for (const { number, params, state, value } of study.trials()) {
      resumed.restore(params);
      if (state === 'complete') resumed.tell(number, { state, value: value! });
    }
    expect(resumed.ask()!.params).toEqual(study.ask()!.params);
  });

  it('suggests 64 different trials before any ends', () => {
    const study = run(gp(), 12, loss);
    for (let i = 0; i < 64; i++) study.ask();
    const keys = paramsOf(study).map((params) => pointKey(parameters, params));
    expect(new Set(keys).size).toBe(76);
  });

  it.each([
    ['equal', () => 1],
    ['infinite', () => Number.POSITIVE_INFINITY],
    ['minus infinity', (_: Params, n: number) => (n % 3 === 0 ? Number.NEGATIVE_INFINITY : n)],
    ['not a number', () => Number.NaN],
    ['huge', (_: Params, n: number) => (n % 2 === 0 ? 1e308 : -1e308)],
    ['partly infinite', (p: Params, n: number) => (n % 3 === 0 ? Number.POSITIVE_INFINITY : loss(p))],
  ] as const)('does with results that are %s', (_, value) => {
    const study = run(gp(), 20, value);
    for (const { params } of study.trials())
      for (const { name, distribution } of parameters)
        if (name in params) expect(contains(distribution, params[name]!)).toBe(true);
  });

  it('avoids where trials fail', () => {
    const study = gp({
      parameters: [parameter('x', float(0, 1)), parameter('kind', oneOf('safe', 'broken'))],
    });
    for (let i = 0; i < 40; i++) {
      const { number, params } = study.ask()!;
      const value = (params.x as number) - 1;
      study.tell(number, params.kind === 'broken' ? { state: 'failed' } : { state: 'complete', value });
    }
    expect(
      study
        .trials()
        .slice(20)
        .filter(({ params }) => params.kind === 'broken').length,
    ).toBeLessThan(5);
  });

  it('tries every point of a small space before it tries one again', () => {
    const small = [parameter('a', oneOf('x', 'y', 'z')), parameter('b', int(1, 6))];
    const study = run(
      gp({ parameters: small, sampler: { type: 'gp', options: { n_startup_trials: 4 } } }),
      18,
      (p) => p.b as number,
    );
    const distinct = new Set(
      paramsOf(study)
        .slice(4)
        .map((params) => pointKey(small, params)),
    );
    expect(distinct.size).toBe(14);
  });

  it('never suggests a choice of probability 0', () => {
    const kind = {
      kind: 'categorical',
      choices: ['a', 'b', 'c'],
      probabilities: [0.5, 0.5, 0],
      ordered: false,
    } as const;
    const study = run(
      gp({ parameters: [parameter('kind', kind), parameter('x', float(0, 1))] }),
      25,
      (p) => p.x as number,
    );
    expect(paramsOf(study).some((params) => params.kind === 'c')).toBe(false);
  });

  it('does with a space of one point', () => {
    expect(paramsOf(run(gp({ parameters: [parameter('one', oneOf('only'))] }), 15, () => 1))[14]).toEqual({
      one: 'only',
    });
  });

  it.each([
    [{ centre: 'yes' }, /`centre` of the sampler `gp` is "yes"; it must be true or false/],
    [{ n_startup_trials: 1.5 }, /`n_startup_trials` of the sampler `gp` is 1.5/],
    [{ gamma: 0.1 }, /`gp` has no option `gamma`/],
  ])('refuses options that make no sense: %j', (options, message) => {
    expect(() => gp({ sampler: { type: 'gp', options } })).toThrow(message);
  });
});
