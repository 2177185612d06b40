import { describe, expect, it } from 'vitest';
import { hypervolume, paretoFront } from '../objectives/index.ts';
import { float, int, parameter, studyWith } from '../study/testing/spaces.ts';
import type { StudyOptions } from '../study/types.ts';

const last = { type: 'last' } as const;
const objective = (name: string) => ({ name, goal: 'minimize', reduce: last }) as const;
const SEEDS = [1, 2, 3, 4, 5, 6, 7];

/** ZDT1 (Zitzler, Deb, Thiele 2000) in six dimensions: the front is f2 = 1 - √f1. */
function zdt1(params: Readonly<Record<string, unknown>>): [number, number] {
  const [first, ...others] = Object.values(params) as [number, ...number[]];
  const g = 1 + (9 * others.reduce((sum, x) => sum + x, 0)) / others.length;
  return [first, g * (1 - Math.sqrt(first / g))];
}

function losses(type: 'tpe' | 'random', seed: number, trials: number): Array<[number, number]> {
  const study = studyWith({
    parameters: Array.from({ length: 6 }, (_, i) => parameter(`x${i}`, float(0, 1))),
    metric: objective('f1'),
    otherMetrics: [objective('f2')],
    method: 'bayes',
    sampler: { type, options: type === 'tpe' ? { centre: false } : {} },
    seed,
  });
  return Array.from({ length: trials }, () => {
    const { number, params } = study.ask()!;
    const [f1, f2] = zdt1(params);
    study.tell(number, { state: 'complete', values: { f1, f2 } });
    return [f1, f2];
  });
}

function medianHypervolume(type: 'tpe' | 'random'): number {
  const volumes = SEEDS.map((seed) => {
    const all = losses(type, seed, 120);
    return hypervolume(
      paretoFront(all).map((i) => all[i]!),
      [1.1, 6],
    );
  });
  return volumes.sort((a, b) => a - b)[3]!;
}

describe('TPE with several objectives', () => {
  it('fills more of the room in front of the Pareto front than random search', () => {
    // The front itself reaches 1.1 · 6 - ∫(1 - √x) - … = 6.6 - 1/3 - 0 = 6.27 at most.
    const [tpe, random] = [medianHypervolume('tpe'), medianHypervolume('random')];
    expect(6.27 - tpe).toBeLessThan(0.4 * (6.27 - random));
  });

  it('finds both ends of the front', () => {
    const study = studyWith({
      parameters: [parameter('x', float(-10, 10)), parameter('y', float(-1, 1))],
      metric: objective('f1'),
      otherMetrics: [objective('f2')],
      method: 'bayes',
      sampler: { type: 'tpe', options: {} },
    });
    for (let i = 0; i < 100; i++) {
      const { number, params } = study.ask()!;
      const { x, y } = params as { x: number; y: number };
      study.tell(number, { state: 'complete', values: { f1: x ** 2 + y ** 2, f2: (x - 2) ** 2 + y ** 2 } });
    }
    // Schaffer's problem: x from 0 to 2, y = 0.
    const ends = study.front().map(({ params }) => params.x as number);
    expect(Math.min(...ends)).toBeLessThan(0.2);
    expect(Math.max(...ends)).toBeGreaterThan(1.8);
    expect(ends.length).toBeGreaterThan(15);
  });
});

describe('TPE with constraints', () => {
  const options: Partial<StudyOptions> = {
    parameters: [parameter('x', float(0, 1)), parameter('y', float(0, 1)), parameter('n', int(1, 9))],
    metric: objective('loss'),
    otherMetrics: [{ name: 'cost', min: null, max: 0.5, reduce: last }],
    method: 'bayes',
    sampler: { type: 'tpe', options: {} },
  };

  /** The unconstrained optimum (x = y = 1) costs 2; at cost 0.5 the best is 1.5. */
  function run(seed: number, limit: 'cost' | 'none') {
    const study = studyWith({ ...options, ...(limit === 'none' ? { otherMetrics: [] } : {}), seed });
    for (let i = 0; i < 80; i++) {
      const { number, params } = study.ask()!;
      const { x, y } = params as { x: number; y: number };
      const values = { loss: 2 - x - y, ...(limit === 'cost' ? { cost: x + y } : {}) };
      study.tell(number, { state: 'complete', values });
    }
    return study;
  }
  const cost = (params: Readonly<Record<string, unknown>>): number =>
    (params.x as number) + (params.y as number);

  it.each(SEEDS.slice(0, 3))('learns where they are kept and goes to their edge (seed %i)', (seed) => {
    const study = run(seed, 'cost');
    expect(study.best()!.value).toBeLessThan(1.54);
    const late = study.trials().slice(40);
    expect(late.filter(({ params }) => cost(params) <= 0.6).length).toBeGreaterThan(20);
    const free = run(seed, 'none').trials().slice(40);
    expect(free.filter(({ params }) => cost(params) <= 0.6).length).toBeLessThan(5);
  });

  it('goes where least is violated while nothing keeps them', () => {
    const study = studyWith({
      ...options,
      otherMetrics: [{ name: 'cost', min: null, max: -1, reduce: last }],
    });
    for (let i = 0; i < 60; i++) {
      const { number, params } = study.ask()!;
      study.tell(number, { state: 'complete', values: { loss: -cost(params), cost: cost(params) } });
    }
    expect(Math.min(...study.trials().map(({ params }) => cost(params)))).toBeLessThan(0.1);
  });
});
