import { describe, expect, it } from 'vitest';
import { rightBelief, withPriors, wrongBelief } from '../problems/index.ts';
import { toUnit } from '../space/index.ts';
import type { Params, Space } from '../space/types.ts';
import { float, int, isIn, oneOf, parameter, studyWith } from '../study/testing/spaces.ts';
import type { StudyOptions } from '../study/types.ts';
import type { TransferTask } from './sampler.ts';

const SPACE: Space = [
  parameter('rate', float(1e-5, 1, { log: true })),
  parameter('decay', float(0, 1)),
  parameter('kind', oneOf('a', 'b', 'c')),
  parameter('units', int(4, 256, { log: true }), isIn('kind', 'a', 'b')),
  parameter('noise', float(-3, 3)),
];
const OPTIMUM: Params = { rate: 3e-4, decay: 0.8, kind: 'b', units: 32, noise: 1.4 };

/** Zero at the optimum; squares of distances in the unit cube. */
function loss(params: Params): number {
  let sum = params.kind === 'b' ? 0 : 0.15;
  for (const { name, distribution } of SPACE) {
    if (name === 'kind' || !Object.hasOwn(params, name)) continue;
    sum += (toUnit(distribution, params[name]!) - toUnit(distribution, OPTIMUM[name]!)) ** 2;
  }
  return sum;
}

const SEEDS = Array.from({ length: 15 }, (_, i) => i);

/** Mean over the seeds of the best loss among so many trials. */
function meanBest(trials: number, optionsOf: (seed: number) => Partial<StudyOptions>): number {
  const bests = SEEDS.map((seed) => {
    const study = studyWith({
      parameters: SPACE,
      method: 'bayes',
      sampler: { type: 'tpe', options: {} },
      seed,
      ...optionsOf(seed),
    });
    for (let i = 0; i < trials; i++) {
      const { number, params } = study.ask()!;
      study.tell(number, { state: 'complete', value: loss(params) });
    }
    return study.best()!.value;
  });
  return bests.reduce((sum, best) => sum + best, 0) / bests.length;
}

describe('TPE with beliefs', () => {
  const believed = (belief: typeof rightBelief) => (seed: number) => ({
    parameters: withPriors(SPACE, belief(SPACE, OPTIMUM, seed)),
  });

  it('is at most half as far from the optimum after 20 trials where they are right', () => {
    expect(meanBest(20, believed(rightBelief))).toBeLessThan(0.5 * meanBest(20, () => ({})));
  });

  it('forgets them where they are wrong: after 100 trials it is as good as without', () => {
    const [wrong, none] = [meanBest(100, believed(wrongBelief)), meanBest(100, () => ({}))];
    // In units of the range: both are near the optimum.
    expect(wrong).toBeLessThan(1.1 * none + 0.002);
  });

  it('tries what is believed, then the centre', () => {
    const parameters = withPriors(SPACE, OPTIMUM);
    const study = studyWith({ parameters, method: 'bayes', sampler: { type: 'tpe', options: {} } });
    expect(study.ask()!.params).toEqual(OPTIMUM);
    expect(study.ask()!.params).toMatchObject({ decay: 0.5, kind: 'a', noise: 0 });
    expect(study.ask()!.params.decay).not.toBe(0.5);
  });
});

describe('TPE with results of earlier sweeps', () => {
  /** An earlier task: another scale, an optimum nearby, one parameter more, one less, a wider range. */
  const earlier = (scale: number): TransferTask => {
    const study = studyWith({
      parameters: [...SPACE.slice(0, 4), parameter('warmup', float(0, 1))],
      method: 'random',
      seed: 77,
    });
    const trials = Array.from({ length: 120 }, () => {
      const { params } = study.ask()!;
      const near = { ...params, decay: Math.min(1, (params.decay as number) + 0.05) };
      return { params: { ...params, rate: (params.rate as number) * 2 }, loss: scale * loss(near) - 5 };
    });
    return { name: 'earlier', trials };
  };
  const none = { type: 'tpe', options: { centre: false } } as const;

  it('is better from the first trials on', () => {
    const plain = meanBest(8, () => ({ sampler: none }));
    const warm = meanBest(8, () => ({ sampler: none, transfer: [earlier(1)] }));
    expect(warm).toBeLessThan(0.6 * plain);
  });

  it('does not care for the scale of their losses', () => {
    const asked = (scale: number): Params[] => {
      const study = studyWith({
        parameters: SPACE,
        method: 'bayes',
        sampler: none,
        transfer: [earlier(scale)],
      });
      return Array.from({ length: 12 }, () => {
        const { number, params } = study.ask()!;
        study.tell(number, { state: 'complete', value: loss(params) });
        return params;
      });
    };
    expect(asked(1000)).toEqual(asked(1));
  });

  it('is hardly worse for a task that has nothing to do with it', () => {
    const { trials } = earlier(1);
    const misleading = { name: 'other', trials: trials.map(({ params, loss: l }) => ({ params, loss: -l })) };
    const [wrong, plain] = [
      meanBest(60, () => ({ sampler: none, transfer: [misleading] })),
      meanBest(60, () => ({ sampler: none })),
    ];
    expect(wrong).toBeLessThan(1.5 * plain + 0.005);
  });

  it('goes on without those that share no parameter', () => {
    const alien = { name: 'alien', trials: [{ params: { depth: 3 }, loss: 1 }] };
    const study = (transfer: TransferTask[]) =>
      studyWith({ parameters: SPACE, method: 'bayes', sampler: none, transfer });
    expect(study([alien]).ask()!.params).toEqual(study([]).ask()!.params);
  });
});
