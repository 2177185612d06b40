import { describe, expect, it } from 'vitest';
import { hypervolume } from '../objectives/hypervolume.ts';
import { rightBelief, withPriors, wrongBelief } from '../problems/index.ts';
import type { Params, Space } from '../space/types.ts';
import { toUnit } from '../space/unit.ts';
import { createRng } from '../study/rng.ts';
import { float, int, isIn, oneOf, parameter, studyWith } from '../study/testing/spaces.ts';
import type { Study, StudyOptions } from '../study/types.ts';
import { createGpSampler } from './gp.ts';
import { createRandomSampler } from './random.ts';
import type { Sampler, TransferTask } from './sampler.ts';
import { Driver } from './testing/driver.ts';
import { box, vector, zdt1 } from './testing/functions.ts';

const OPTIONS = { startupTrials: 10, centre: false, inputWarping: false };
const SPACE: Space = [
  parameter('rate', float(1e-5, 1, { log: true })),
  parameter('decay', float(0, 1)),
  parameter('kind', oneOf('a', 'b', 'c')),
  parameter('units', int(4, 256, { log: true }), isIn('kind', 'a', 'b')),
];
const OPTIMUM: Params = { rate: 3e-4, decay: 0.8, kind: 'b', units: 32 };

/** Zero at the optimum; a bowl with a steep rim in the unit cube. */
function loss(params: Params): number {
  let sum = params.kind === 'b' ? 0 : 0.15;
  for (const { name, distribution } of SPACE) {
    if (name === 'kind' || !Object.hasOwn(params, name)) continue;
    sum += Math.abs(toUnit(distribution, params[name]!) - toUnit(distribution, OPTIMUM[name]!)) ** 1.5;
  }
  return sum;
}

function gp(options: Partial<StudyOptions>): Study {
  return studyWith({ parameters: SPACE, method: 'bayes', sampler: { type: 'gp', options: {} }, ...options });
}

function meanBest(trials: number, seeds: number, optionsOf: (seed: number) => Partial<StudyOptions>): number {
  let sum = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const study = gp({ seed, ...optionsOf(seed) });
    for (let i = 0; i < trials; i++) {
      const { number, params } = study.ask()!;
      study.tell(number, { state: 'complete', value: loss(params) });
    }
    sum += study.best()!.value;
  }
  return sum / seeds;
}

describe('the Gaussian process with beliefs', () => {
  const believed = (belief: typeof rightBelief) => (seed: number) => ({
    parameters: withPriors(SPACE, belief(SPACE, OPTIMUM, seed)),
  });

  it('is at most half as far from the optimum after 12 trials where they are right', () => {
    expect(meanBest(12, 5, believed(rightBelief))).toBeLessThan(0.5 * meanBest(12, 5, () => ({})));
  });

  it('forgets them where they are wrong', () => {
    // In units of the range: both have the choice right and are near the optimum.
    expect(meanBest(50, 3, believed(wrongBelief))).toBeLessThan(0.03);
  });
});

describe('the Gaussian process with results of earlier sweeps', () => {
  const task = (lossOf: (params: Params) => number): TransferTask => {
    const rng = createRng(7, 0, 'task');
    const trials = Array.from({ length: 60 }, () => {
      const params: Params = {
        rate: 10 ** (-5 * rng.next()),
        decay: rng.next(),
        kind: 'abc'[rng.int(3)]!,
        momentum: 0.5,
      };
      if (params.kind !== 'c') params.units = 4 + rng.int(253);
      return { params, loss: lossOf(params) };
    });
    return { name: 'earlier', trials };
  };

  it('is much better early where they are alike, on another scale and with another parameter', () => {
    const alike = task((params) => 1000 * loss({ ...params, decay: (params.decay as number) - 0.05 }) - 300);
    const [with_, without] = [meanBest(8, 4, () => ({ transfer: [alike] })), meanBest(8, 4, () => ({}))];
    expect(with_).toBeLessThan(0.6 * without);
  });

  it('gets to the optimum where they have nothing to do with it', () => {
    const rng = createRng(8, 0, 'nothing');
    expect(meanBest(40, 3, () => ({ transfer: [task(() => rng.normal())] }))).toBeLessThan(0.05);
  });
});

describe('the Gaussian process with constraints', () => {
  /** A disc is feasible; losses fall towards the corner outside of it. */
  const study = (sampler: Sampler): Driver => {
    const driver = new Driver(sampler, box(2, 0, 1), { constraints: 1 });
    for (let i = 0; i < 35; i++) {
      const trial = driver.ask();
      const [x, y] = vector(trial.params) as [number, number];
      driver.complete(trial, { losses: [x + y], violations: [(x - 0.7) ** 2 + (y - 0.7) ** 2 - 0.04] });
    }
    return driver;
  };
  const best = ({ history }: Driver): number =>
    Math.min(
      ...history.map(({ violations, loss }) => (violations![0]! <= 0 ? loss! : Number.POSITIVE_INFINITY)),
    );

  it('finds the best feasible point', () => {
    // On the rim of the disc around (0.7, 0.7), on the diagonal.
    const exact = 1.4 - 0.2 * Math.SQRT2;
    expect(best(study(createGpSampler(box(2, 0, 1), OPTIONS)))).toBeLessThan(exact + 0.01);
  });

  it('looks for least violation while nothing is feasible', () => {
    const driver = new Driver(createGpSampler(box(2, 0, 1), OPTIONS), box(2, 0, 1), { constraints: 1 });
    const violations = Array.from({ length: 25 }, () => {
      const trial = driver.ask();
      const [x, y] = vector(trial.params) as [number, number];
      const violation = 0.01 + (x - 0.37) ** 2 + (y - 0.81) ** 2;
      driver.complete(trial, { losses: [-violation], violations: [violation] });
      return violation;
    });
    expect(Math.min(...violations.slice(10))).toBeLessThan(0.011);
  });
});

describe('the Gaussian process with several objectives', () => {
  it('covers more of the front than random search', () => {
    const space = box(4, 0, 1);
    const volume = (sampler: Sampler): number => {
      const driver = new Driver(sampler, space, { objectives: 2 });
      for (let i = 0; i < 40; i++) {
        const trial = driver.ask();
        driver.complete(trial, { losses: zdt1(trial.params) });
      }
      return hypervolume(
        driver.history.map(({ losses }) => losses!),
        [1.1, 6],
      );
    };
    // The whole front f2 = 1 − √f1 leaves the area under it, 1/3, undominated.
    const front = 1.1 * 6 - 1 / 3;
    expect(volume(createGpSampler(space, OPTIONS))).toBeGreaterThan(0.93 * front);
    expect(volume(createRandomSampler())).toBeLessThan(0.8 * front);
  });
});

describe('the Gaussian process with trials that were pruned', () => {
  it('learns from them alone where to look', () => {
    const space = box(3, 0, 1);
    const driver = new Driver(createGpSampler(space, OPTIONS), space);
    const distances = Array.from({ length: 30 }, (_, i) => {
      const trial = driver.ask();
      const distance = vector(trial.params).reduce((sum, x) => sum + (x - 0.3) ** 2, 0);
      // The first goes to its end, far from the optimum; all others end after the first step.
      if (i === 0) driver.complete(trial, { losses: [1] });
      else driver.prune(trial, 1, 10 + distance);
      return distance;
    });
    expect(Math.min(...distances.slice(15))).toBeLessThan(0.01);
  });
});
