import { describe, expect, it } from 'vitest';
import { contains } from '../space/axis.ts';
import type { Params, Space } from '../space/types.ts';
import { float, int, isIn, oneOf, parameter, studyWith } from '../study/testing/spaces.ts';
import type { Study } from '../study/types.ts';

function gp(parameters: Space, isWarped: boolean, seed: number, type: 'gp' | 'auto' = 'gp'): Study {
  return studyWith({
    parameters,
    method: 'bayes',
    seed,
    sampler: { type, options: { input_warping: isWarped } },
  });
}

function run(study: Study, trials: number, loss: (params: Params) => number): Params[] {
  for (let i = 0; i < trials; i++) {
    const { number, params } = study.ask()!;
    study.tell(number, { state: 'complete', value: loss(params) });
  }
  return study.trials().map(({ params }) => params);
}

describe('a learning rate on a linear scale whose logarithm counts', () => {
  const space = [parameter('rate', float(1e-5, 1))];
  const loss = ({ rate }: Params): number => Math.log10((rate as number) / 3e-3) ** 2;

  /** Until the rate is within a quarter of the best one; at most 30. */
  function trialsNeeded(isWarped: boolean, seed: number): number {
    const study = gp(space, isWarped, seed);
    for (let trials = 1; trials <= 30; trials++) {
      const { number, params } = study.ask()!;
      const value = loss(params);
      if (value < Math.log10(1.25) ** 2) return trials;
      study.tell(number, { state: 'complete', value });
    }
    return 31;
  }

  it('is found in far fewer trials with a warp, with any of five seeds', () => {
    for (const seed of [1, 2, 3, 4, 5])
      expect(trialsNeeded(true, seed)).toBeLessThan(0.7 * trialsNeeded(false, seed));
  });
});

describe('the Gaussian process with warped inputs', () => {
  const space: Space = [
    parameter('optimizer', oneOf('sgd', 'adam')),
    parameter('momentum', float(0, 0.99), isIn('optimizer', 'sgd')),
    parameter('rate', float(1e-4, 1)),
    parameter('units', int(1, 300)),
  ];
  const loss = ({ optimizer, momentum, rate, units }: Params): number =>
    Math.log10((rate as number) / 0.01) ** 2 +
    Math.log10((units as number) / 20) ** 2 +
    (optimizer === 'sgd' ? (1 - (momentum as number)) ** 2 : 0.3);

  it('suggests values of the space, and the same from the same seed', () => {
    const tried = run(gp(space, true, 4), 22, loss);
    expect(run(gp(space, true, 4), 22, loss)).toEqual(tried);
    for (const params of tried) {
      expect('momentum' in params).toBe(params.optimizer === 'sgd');
      for (const { name, distribution } of space)
        if (name in params) expect(contains(distribution, params[name]!)).toBe(true);
    }
  });

  it('asks the same after a restart, whatever it had worked out before', () => {
    const study = gp(space, true, 7);
    run(study, 18, loss);
    const resumed = gp(space, true, 7);
    for (const { number, params, value } of study.trials()) {
      resumed.restore(params);
      resumed.tell(number, { state: 'complete', value: value! });
    }
    expect(resumed.ask()!.params).toEqual(study.ask()!.params);
  });

  it('is what auto asks where it is told to', () => {
    const study = gp(space, true, 4, 'auto');
    expect(run(study, 12, loss)).toEqual(run(gp(space, true, 4), 12, loss));
    expect(study.trials()[11]!.params).not.toEqual(run(gp(space, false, 4), 12, loss)[11]);
  });

  it('takes true or false, and is not for others', () => {
    const options = { input_warping: 1 };
    expect(() => studyWith({ parameters: space, sampler: { type: 'gp', options }, method: 'bayes' })).toThrow(
      /`input_warping` of the sampler `gp` is 1; it must be true or false/,
    );
    expect(() =>
      studyWith({ parameters: space, sampler: { type: 'tpe', options }, method: 'bayes' }),
    ).toThrow(/`tpe` has no option `input_warping`/);
  });
});
