import { describe, expect, it } from 'vitest';
import { createPrediction, Encoding, Posterior } from '../../samplers/gp/index.ts';
import type { ObservedTrial } from '../../samplers/sampler.ts';
import type { Params, Space } from '../../space/types.ts';
import { createRng } from '../rng.ts';
import { atLeast, float, int, isIn, oneOf, parameter, studyWith } from '../testing/spaces.ts';
import { fitNoisy } from './noisy-fit.ts';
import { regretBound } from './regret-bound.ts';
import { createStagnation } from './stagnation.ts';

const ended = (number: number, loss: number | null, rest: Partial<ObservedTrial> = {}): ObservedTrial => ({
  number,
  params: { x: 0.5 },
  state: loss === null ? 'pruned' : 'complete',
  loss,
  losses: loss === null ? null : [loss],
  violations: loss === null ? null : [],
  curve: [],
  step: 1,
  ...rest,
});

describe('stagnation', () => {
  /** The trial after which it is enough, given the losses in the order of their ends; null: a pruned trial. */
  const endsAt = (patience: number, losses: ReadonlyArray<number | null>): number | null => {
    const stagnation = createStagnation(patience);
    for (const [i, loss] of losses.entries()) {
      stagnation.onEnd(ended(i, loss));
      if (stagnation.reason() !== null) return i;
    }
    return null;
  };

  it('counts complete and pruned trials since the last better one, equal ones too', () => {
    expect(endsAt(3, [5, 4, 4, null, 6, 1])).toBe(4);
    expect(endsAt(3, [5, 5, 6, 4, 4, 3.9, 5, 6, 7])).toBe(8);
    expect(endsAt(1, [5, 6])).toBe(1);
    expect(endsAt(3, [5, 4, 3, 2, 1])).toBeNull();
  });

  it('waits for the first complete trial, and leaves failed and stopped ones out', () => {
    expect(endsAt(2, [null, null, null, 1, null, null])).toBe(5);
    const stagnation = createStagnation(2);
    stagnation.onEnd(ended(0, 1));
    for (const state of ['failed', 'stopped', 'failed'] as const) stagnation.onEnd(ended(1, null, { state }));
    expect(stagnation.reason()).toBeNull();
  });

  it('takes a trial that no other dominates for a better one where there are several metrics', () => {
    const stagnation = createStagnation(2);
    const reasons = [
      [3, 3],
      [1, 5],
      [4, 4],
      [5, 1],
      [3, 3],
      [2, 6],
    ].map((losses, number) => {
      stagnation.onEnd(ended(number, losses[0]!, { losses }));
      return stagnation.reason() !== null;
    });
    expect(reasons).toEqual([false, false, false, false, false, true]);
  });

  it('takes less violation for better while no trial keeps the constraints', () => {
    const stagnation = createStagnation(2);
    for (const [number, violation] of [3, 2, 1, 0, 0.5].entries()) {
      stagnation.onEnd(ended(number, number, { violations: [violation] }));
      expect(stagnation.reason()).toBeNull();
    }
    stagnation.onEnd(ended(5, 9, { violations: [0] }));
    expect(stagnation.reason()).toBe('the last 2 trials brought nothing better (terminate.stagnation)');
  });
});

const line: Space = [parameter('x', float(0, 1))];

function observed(params: readonly Params[], loss: (params: Params) => number): ObservedTrial[] {
  return params.map((point, number) => ended(number, loss(point), { params: point }));
}

describe('the bound of the regret', () => {
  const wave = ({ x }: Params): number => Math.sin(9 * Number(x)) + 0.5 * Number(x);
  const spread = (count: number): Params[] =>
    Array.from({ length: count }, (_, i) => ({ x: (((i * 0.618034 + 0.1) % 1) + 1) % 1 }));

  it.each([4, 9, 15])('is that of confidence bounds on a fine grid (%i trials on a line)', (count) => {
    const trials = observed(spread(count), wave);
    const losses = trials.map(({ loss }) => loss!);
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / count;
    const scale = Math.sqrt(losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / count);
    const y = Float64Array.from(losses, (loss) => (loss - mean) / scale);
    const encoding = new Encoding(line);
    const points = trials.map(({ params }) => encoding.encode(params));
    const { shape, theta } = fitNoisy(encoding, points, y);
    const posterior = new Posterior(shape, theta);
    for (const point of points) posterior.push(point);
    posterior.setOutputs(y);
    const beta = (2 / 5) * Math.log((1 * count ** 2 * Math.PI ** 2) / 6 / 0.1);
    const prediction = createPrediction(1);
    const boundAt = (x: number, side: 1 | -1): number => {
      posterior.predict(Float64Array.of(x), prediction);
      return prediction.mean + side * Math.sqrt(beta * prediction.variance);
    };
    const upper = Math.min(...trials.map(({ params }) => boundAt(Number(params.x), 1)));
    const lower = Math.min(...Array.from({ length: 20_001 }, (_, i) => boundAt(i / 20_000, -1)));
    const { regret, noise } = regretBound(line, trials, 7);
    expect(regret / scale).toBeCloseTo(upper - lower, 5);
    expect(noise / scale).toBeCloseTo(Math.sqrt(posterior.kernel.noise), 12);
  });

  it('lies above the true regret in nearly all of 40 searches, and falls as trials come', () => {
    const space = [parameter('x', float(0, 1)), parameter('y', float(0, 1))];
    let held = 0;
    let before = 0;
    let after = 0;
    for (let seed = 0; seed < 40; seed++) {
      const rng = createRng(seed, 0, 'problem');
      const [a, b] = [rng.next(), rng.next()];
      const loss = ({ x, y }: Params): number => (Number(x) - a) ** 2 + 2 * (Number(y) - b) ** 2;
      const params = Array.from({ length: 24 }, () => ({ x: rng.next(), y: rng.next() }));
      const trials = observed(params, loss);
      const few = regretBound(space, trials.slice(0, 8), seed).regret;
      const many = regretBound(space, trials, seed).regret;
      // The lowest loss of the space is 0, so that the best loss is the regret.
      const best = Math.min(...trials.map((trial) => trial.loss!));
      if (many >= best) held++;
      before += few;
      after += many;
    }
    expect(held).toBeGreaterThanOrEqual(36);
    expect(after).toBeLessThan(0.5 * before);
  });

  it('tells noise from a rough function', () => {
    const rng = createRng(3, 0, 'noise');
    const params = spread(40);
    const noisy = observed(params, ({ x }) => (Number(x) - 0.4) ** 2 + 0.02 * rng.normal());
    const { regret, noise } = regretBound(line, noisy, 1);
    expect(noise).toBeGreaterThan(0.014);
    expect(noise).toBeLessThan(0.028);
    expect(regret).toBeLessThan(0.05);
    const exact = observed(params, ({ x }) => (Number(x) - 0.4) ** 2);
    expect(regretBound(line, exact, 1).noise).toBeLessThan(0.002);
  });

  it('works on spaces with choices, whole numbers and conditions, and is 0 where there is nothing to choose', () => {
    const space = [
      parameter('kind', oneOf('a', 'b')),
      parameter('layers', int(1, 3), isIn('kind', 'a')),
      parameter('rate', float(1e-4, 1, { log: true }), atLeast('layers', 2)),
    ];
    const study = studyWith({ parameters: space, method: 'random', seed: 4 });
    const params = Array.from({ length: 20 }, () => study.ask()!.params);
    const loss = (point: Params): number => Number(point.layers ?? 4) + Number(point.rate ?? 0);
    const { regret, noise } = regretBound(space, observed(params, loss), 1);
    expect(regret).toBeGreaterThanOrEqual(0);
    expect(noise).toBeGreaterThan(0);
    const fixed = [parameter('x', oneOf(1))];
    expect(
      regretBound(
        fixed,
        observed([{ x: 1 }, { x: 1 }], () => 2),
        1,
      ),
    ).toEqual({ regret: 0, noise: 0 });
  });
});

describe('a study that may end by itself', () => {
  const search = (terminate: Parameters<typeof studyWith>[0]['terminate'], noise: number) => {
    const study = studyWith({ parameters: line, method: 'bayes', terminate, runCap: 120 });
    const rng = createRng(3, 0, 'noise');
    const tell = (number: number, { x }: Params): void =>
      void study.tell(number, {
        state: 'complete',
        value: (Number(x) - 0.4) ** 2 + noise * rng.normal(),
      });
    return { study, tell };
  };

  it('says that the regret is below the noise once it is, and not before the first look', () => {
    const { study, tell } = search({ stagnation: null, regret: { minTrials: 15, noise: 0.02 } }, 0.005);
    const reasons: Array<string | null> = [];
    for (let asked = study.ask(); asked !== null && reasons.at(-1) == null; asked = study.ask()) {
      tell(asked.number, asked.params);
      reasons.push(study.enough());
    }
    expect(reasons.length).toBeGreaterThanOrEqual(15);
    expect(reasons.length).toBeLessThan(120);
    expect(reasons.at(-1)).toMatch(
      /^at most \S+ can still be gained, less than the noise of 0.020 \(terminate.regret\)$/,
    );
  });

  it('says the same of the same history, whenever it is asked', () => {
    const terminate = { stagnation: null, regret: { minTrials: 5, noise: 0.1 } };
    const [often, once] = [search(terminate, 0.01), search(terminate, 0.01)];
    for (let i = 0; i < 33; i++) {
      const { number, params } = often.study.ask()!;
      often.tell(number, params);
      often.study.enough();
      once.study.restore(params);
      once.tell(number, params);
    }
    expect(once.study.enough()).toMatch(/can still be gained/);
    expect(once.study.enough()).toBe(often.study.enough());
  });

  it('refuses a bound for several metrics', () => {
    const other = { name: 'size', goal: 'minimize', reduce: { type: 'last' } } as const;
    const terminate = { stagnation: null, regret: { minTrials: 5, noise: null } };
    expect(() => studyWith({ metric: { ...other, name: 'loss' }, otherMetrics: [other], terminate })).toThrow(
      'terminate.regret',
    );
  });
});
