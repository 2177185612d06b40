import { describe, expect, it } from 'vitest';
import { SamplerLife } from '../conformance/sampler-life.ts';
import { float, int, isIn, oneOf, parameter, studyWith } from '../study/testing/spaces.ts';
import type { Study, StudyOptions } from '../study/types.ts';
import { conditional, type TestProblem } from './testing/conditional-problem.ts';
import { expectInside, paramsOf, run } from './testing/run-study.ts';
import { createTpeSampler } from './tpe.ts';

const tpeStudy = (options: Partial<StudyOptions>): Study =>
  studyWith({ method: 'bayes', sampler: { type: 'tpe', options: {} }, ...options });

/** Branin and Hoo: three global minima of 0.3979. */
const branin: TestProblem = {
  parameters: [parameter('x', float(-5, 10)), parameter('y', float(0, 15))],
  loss: (params) => {
    const { x, y } = params as { x: number; y: number };
    const valley = y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6;
    return valley ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  },
};

function bestAfter(
  trials: number,
  { parameters, loss }: TestProblem,
  options: Partial<StudyOptions>,
): number {
  return run(tpeStudy({ parameters, ...options }), trials, loss).best()!.value;
}

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

function medianBest(problem: TestProblem, sampler: 'tpe' | 'random'): number {
  const bests = SEEDS.map((seed) =>
    bestAfter(60, problem, { seed, sampler: { type: sampler, options: {} } }),
  );
  return bests.sort((a, b) => a - b)[4]!;
}

describe('TPE', () => {
  it('comes much closer than random search on a smooth function', () => {
    const [tpe, random] = [medianBest(branin, 'tpe') - 0.3979, medianBest(branin, 'random') - 0.3979];
    expect(tpe).toBeLessThan(random / 3);
  });

  it('comes much closer than random search where parameters are conditional and of all kinds', () => {
    const [tpe, random] = [medianBest(conditional, 'tpe'), medianBest(conditional, 'random')];
    expect(tpe).toBeLessThan(random / 1.5);
  });

  it('suggests only values that the space has, and exactly the active parameters', () => {
    const { parameters, loss } = conditional;
    for (const params of paramsOf(run(tpeStudy({ parameters }), 150, loss))) expectInside(parameters, params);
  });

  it('tries no point twice while a finite space has others, and goes on when it has none', () => {
    const parameters = [
      parameter('kind', oneOf('a', 'b', 'c')),
      parameter('depth', int(1, 4), isIn('kind', 'a', 'b')),
      parameter('rate', float(0, 0.2, { step: 0.1 })),
    ];
    // 2 kinds · 4 depths · 3 rates, and 3 rates of the third kind.
    const points = 27;
    const study = tpeStudy({ parameters });
    const seen = new Set<string>();
    for (let i = 0; i < points; i++) {
      const { number, params } = study.ask()!;
      seen.add(JSON.stringify(params));
      if (i % 3 > 0) study.tell(number, { state: 'complete', value: params.rate as number });
    }
    expect(seen.size).toBe(points);
    expect(seen).toContain(JSON.stringify(study.ask()!.params));
  });

  it('finds the few points that are left of thousands', () => {
    const parameters = [parameter('a', int(1, 20)), parameter('b', int(1, 20)), parameter('c', int(1, 5))];
    const points = Array.from({ length: 1_990 }, (_, i) => ({
      a: 1 + (i % 20),
      b: 1 + (Math.floor(i / 20) % 20),
      c: 1 + Math.floor(i / 400),
    }));
    const study = tpeStudy({ parameters, points });
    const asked = Array.from({ length: 2_000 }, () => {
      const { number, params } = study.ask()!;
      study.tell(number, { state: 'complete', value: params.a as number });
      return JSON.stringify(params);
    });
    expect(new Set(asked).size).toBe(2_000);
  });

  it('suggests different points as often as it is asked before any is told', () => {
    const study = tpeStudy({ parameters: conditional.parameters });
    const asked = Array.from({ length: 64 }, () => JSON.stringify(study.ask()!.params));
    expect(new Set(asked).size).toBe(64);
  });

  it('tries the centre first, after given points, unless it is told not to', () => {
    const parameters = [parameter('x', float(0, 4)), parameter('rate', float(1e-4, 1, { log: true }))];
    const points = [{ x: 1, rate: 0.5 }];
    const study = tpeStudy({ parameters, points });
    expect(study.ask()!.params).toEqual(points[0]);
    expect(study.ask()!.params).toEqual({ x: 2, rate: expect.closeTo(0.01, 10) });
    const without = { type: 'tpe', options: { centre: false } } as const;
    expect(tpeStudy({ parameters, sampler: without }).ask()!.params.x).not.toBe(2);
  });

  it('keeps away from trials that still run', () => {
    const spread = (others: 'running' | 'unknown'): number => {
      const study = tpeStudy({ parameters: [parameter('x', float(0, 1))] });
      for (let i = 0; i < 30; i++) {
        const { number, params } = study.ask()!;
        study.tell(number, { state: 'complete', value: ((params.x as number) - 0.5) ** 2 });
      }
      const asked = Array.from({ length: 20 }, () => {
        const { number, params } = study.ask()!;
        if (others === 'unknown') study.tell(number, { state: 'stopped' });
        return params.x as number;
      });
      return Math.max(...asked) - Math.min(...asked);
    };
    expect(spread('running')).toBeGreaterThan(spread('unknown'));
  });

  it('learns from pruned trials: those that got further are better', () => {
    const study = tpeStudy({
      parameters: [parameter('x', float(0, 1))],
      sampler: { type: 'tpe', options: {} },
    });
    for (let i = 0; i < 60; i++) {
      const { number, params } = study.ask()!;
      const steps = Math.round(10 * (1 - Math.abs((params.x as number) - 0.8))) + 1;
      for (let step = 1; step <= steps; step++) study.report(number, step, 1);
      study.tell(number, { state: 'pruned' });
    }
    const late = study
      .trials()
      .slice(40)
      .map(({ params }) => Math.abs((params.x as number) - 0.8));
    expect(late.filter((distance) => distance < 0.15).length).toBeGreaterThan(12);
  });

  it('sees a pruned trial that is promoted and goes on', () => {
    const options = { startupTrials: 3, centre: true, candidates: 24, gamma: 0.2, priorWeight: 1 };
    const create = () => createTpeSampler(space, { ...options, maxGood: 50, maxBad: 300 });
    const space = [parameter('x', float(0, 1)), parameter('y', float(0, 1))];
    const life = new SamplerLife(create(), { space, seed: 1, objectives: 1, constraints: 0 });
    for (let i = 0; i < 12; i++) {
      life.ask();
      life.tell(i, i % 2 === 0 ? 'pruned' : 'complete');
    }
    for (const told of ['running', 'pruned', 'complete'] as const) {
      life.tell(4, told);
      life.tell(8, told === 'complete' ? 'failed' : told);
      const fresh = create().suggest(life.context());
      expect(life.ask()).toEqual(fresh);
      life.tell(life.history.length - 1, 'pruned');
    }
  });

  it('avoids where trials fail', () => {
    const study = tpeStudy({
      parameters: [parameter('x', float(0, 1)), parameter('kind', oneOf('safe', 'broken'))],
    });
    for (let i = 0; i < 60; i++) {
      const { number, params } = study.ask()!;
      study.tell(
        number,
        params.kind === 'broken' ? { state: 'failed' } : { state: 'complete', value: params.x as number },
      );
    }
    expect(
      study
        .trials()
        .slice(30)
        .filter(({ params }) => params.kind === 'broken').length,
    ).toBeLessThan(5);
  });

  it('begins with the priors, and draws what has none', () => {
    const parameters = [
      { ...parameter('rate', float(1e-5, 1, { log: true })), prior: 1e-3 },
      parameter('x', float(0, 1)),
    ];
    const study = tpeStudy({ parameters });
    expect(study.ask()!.params.rate).toBe(1e-3);
    expect(study.ask()!.params.rate).not.toBe(1e-3);
  });

  it('never suggests a choice of probability 0', () => {
    const kind = {
      kind: 'categorical',
      choices: ['a', 'b', 'c'],
      probabilities: [0.5, 0.5, 0],
      ordered: false,
    } as const;
    const study = tpeStudy({
      parameters: [parameter('kind', kind), parameter('x', float(0, 1))],
    });
    for (let i = 0; i < 60; i++) {
      const { number, params } = study.ask()!;
      expect(params.kind).not.toBe('c');
      study.tell(number, { state: 'complete', value: params.x as number });
    }
  });

  it('does with equal and with infinite losses, and with a space of one point', () => {
    for (const value of [1, Number.POSITIVE_INFINITY]) {
      const study = tpeStudy({
        parameters: [parameter('x', float(0, 1)), parameter('one', oneOf('only'))],
      });
      for (let i = 0; i < 30; i++) study.tell(study.ask()!.number, { state: 'complete', value });
      expect(study.ask()!.params).toMatchObject({ one: 'only', x: expect.any(Number) });
    }
  });
});

describe('sampler options', () => {
  const create = (options: Record<string, unknown>, type: 'tpe' | 'random' = 'tpe') =>
    studyWith({ method: 'bayes', sampler: { type, options } });

  it('change what they name', () => {
    const options = { n_startup_trials: 5, n_ei_candidates: 64, gamma: 0.25, prior_weight: 0.5 };
    const plain = bestAfter(20, branin, { sampler: { type: 'tpe', options: {} } });
    expect(bestAfter(20, branin, { sampler: { type: 'tpe', options } })).not.toBe(plain);
  });

  it.each([
    [{ n_startup_trial: 5 }, /`tpe` has no option `n_startup_trial`; did you mean `n_startup_trials`\?/],
    [{ n_ei_candidates: 0 }, /`n_ei_candidates` of the sampler `tpe` is 0; it must be a whole number from 1/],
    [{ gamma: '0.1' }, /`gamma` of the sampler `tpe` is "0.1"/],
  ])('are refused with a hint: %j', (options, message) => {
    expect(() => create(options)).toThrow(message);
  });

  it('are refused by samplers that have none', () => {
    expect(() => create({ depth: 3 }, 'random')).toThrow(/`random` has no option `depth`.* It has none\./);
  });
});
