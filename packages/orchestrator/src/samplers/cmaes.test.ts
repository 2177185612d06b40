import { describe, expect, it } from 'vitest';
import type { Params, Space } from '../space/types.ts';
import { float, int, isIn, oneOf, ordinal, parameter } from '../study/testing/spaces.ts';
import { type CmaesOptions, createCmaesSampler } from './cmaes.ts';
import { createRandomSampler } from './random.ts';
import type { ObservedTrial, Sampler } from './sampler.ts';
import { Driver } from './testing/driver.ts';
import { box, rosenbrock, sphere, vector } from './testing/functions.ts';

const DEFAULTS: CmaesOptions = { populationSize: null, sigma: 0.17, restarts: 'ipop' };
const SEEDS = [1, 2, 3, 4, 5, 6, 7];

interface Problem {
  readonly space: Space;
  readonly loss: (params: Params) => number;
}

function bestAfter(trials: number, sampler: Sampler, { space, loss }: Problem, seed: number): number {
  const driver = new Driver(sampler, space, { seed });
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < trials; i++) {
    const trial = driver.ask();
    best = Math.min(best, loss(trial.params));
    driver.complete(trial, { losses: [loss(trial.params)] });
  }
  return best;
}

function medianBest(trials: number, create: (space: Space) => Sampler, problem: Problem): number {
  const bests = SEEDS.map((seed) => bestAfter(trials, create(problem.space), problem, seed));
  return bests.sort((a, b) => a - b)[3]!;
}

const cmaes =
  (options: Partial<CmaesOptions> = {}) =>
  (space: Space): Sampler =>
    createCmaesSampler(space, { ...DEFAULTS, ...options });

/** All kinds of parameters, one of them conditional; least value 0. */
const mixed: Problem = {
  space: [
    parameter('rate', float(1e-5, 1, { log: true })),
    parameter('layers', int(1, 20)),
    parameter('units', ordinal(8, 16, 32, 64, 128, 256)),
    parameter('optimizer', oneOf('adam', 'sgd', 'rmsprop', 'adagrad')),
    parameter('momentum', float(0, 1), isIn('optimizer', 'sgd')),
  ],
  loss: (p) =>
    Math.log10((p.rate as number) / 2e-3) ** 2 +
    ((p.layers as number) - 14) ** 2 / 20 +
    Math.log2((p.units as number) / 128) ** 2 / 4 +
    (p.optimizer === 'sgd' ? 4 * ((p.momentum as number) - 0.9) ** 2 : 2),
};

describe('CMA-ES', () => {
  // The Python library `cmaes` 0.13.1, from the same mean and sigma, has medians of 0.027 and 1e-4 over 21 runs.
  it('converges on a sphere off the centre, log-linearly, as the reference implementation does', () => {
    const problem = { space: box(4, -5, 5), loss: sphere(2) };
    expect(medianBest(150, cmaes(), problem)).toBeLessThan(0.27);
    expect(medianBest(300, cmaes(), problem)).toBeLessThan(1e-3);
  });

  it('follows a curved valley to its end', () => {
    const problem = { space: box(3, -3, 3), loss: rosenbrock };
    // The library's median is 8e-10.
    expect(medianBest(900, cmaes(), problem)).toBeLessThan(1e-6);
    expect(medianBest(900, createRandomSampler, problem)).toBeGreaterThan(0.1);
  });

  it('does not care how the valley is turned and stretched', () => {
    // An ellipsoid of condition 10^4 along (1, 1), where coordinates one by one lead nowhere.
    const loss = (params: Params): number => {
      const [x, y] = vector(params) as [number, number];
      return (x + y - 1) ** 2 + 1e4 * (x - y + 0.5) ** 2;
    };
    expect(medianBest(300, cmaes(), { space: box(2, -3, 3), loss })).toBeLessThan(1e-6);
  });

  it('finds the best of whole numbers, ordinals, choices and conditional parameters together', () => {
    const best = medianBest(200, cmaes(), mixed);
    expect(best).toBeLessThan(0.05);
    expect(best).toBeLessThan(medianBest(200, createRandomSampler, mixed) / 5);
  });

  it('does not freeze a whole number on the way to a far optimum', () => {
    // The step in `n` is worth little against `x`, whose deviation shrinks first.
    const problem = {
      space: [parameter('x', float(-1, 1)), parameter('n', int(0, 30))],
      loss: (p: Params) => 100 * ((p.x as number) - 0.3) ** 2 + 0.01 * Math.abs((p.n as number) - 29),
    };
    for (const seed of SEEDS) {
      const driver = new Driver(cmaes()(problem.space), problem.space, { seed });
      for (let i = 0; i < 300; i++) {
        const trial = driver.ask();
        driver.complete(trial, { losses: [problem.loss(trial.params)] });
      }
      const [best] = [...driver.history].sort((a, b) => a.loss! - b.loss!);
      expect(best!.params.n).toBe(29);
    }
  });

  it('starts again elsewhere, with twice the population, once it has converged', () => {
    // Two funnels: the one near the start holds most first runs, the deep one is found by another.
    const loss = (params: Params): number => {
      const far = (centre: number) => vector(params).reduce((sum, x) => sum + (x - centre) ** 2, 0);
      return Math.min(far(0.4), 2 * far(0.85) - 0.1);
    };
    const problem = { space: box(2, 0, 1), loss };
    const stuck = SEEDS.filter(
      (seed) => bestAfter(250, cmaes({ restarts: 'none' })(problem.space), problem, seed) > -0.05,
    );
    expect(stuck.length).toBeGreaterThan(4);
    for (const restarts of ['ipop', 'bipop'] as const) {
      const freed = stuck.filter(
        (seed) => bestAfter(1200, cmaes({ restarts })(problem.space), problem, seed) < -0.09,
      );
      expect(freed.length).toBeGreaterThan(stuck.length / 2);
    }
  });

  it('converges with 16 trials in flight that end in any order', () => {
    const problem = { space: box(3, -5, 5), loss: sphere(2) };
    for (const seed of SEEDS) {
      const driver = new Driver(cmaes()(problem.space), problem.space, { seed });
      const open = Array.from({ length: 16 }, () => driver.ask());
      for (let i = 0; i < 500; i++) {
        // The slowest of all runs through to the end.
        const [trial] = open.splice(1 + ((i * 7) % 15), 1);
        driver.complete(trial!, { losses: [problem.loss(trial!.params)] });
        open.push(driver.ask());
      }
      const best = Math.min(...driver.history.map(({ loss }) => loss ?? Number.POSITIVE_INFINITY));
      expect(best).toBeLessThan(1e-3);
    }
  });

  it('takes a straggler into its place, as if it had always been there', () => {
    const space = box(2, -1, 1);
    const driver = new Driver(cmaes()(space), space);
    const late = driver.ask();
    for (let i = 0; i < 60; i++) {
      const trial = driver.ask();
      driver.complete(trial, { losses: [sphere(0.5)(trial.params)] });
    }
    driver.complete(late, { losses: [sphere(0.5)(late.params)] });
    expect(new Driver(cmaes()(space), space).peek(driver.history)).toEqual(driver.peek());
  });

  it('ranks pruned trials by how far they got, behind complete ones', () => {
    const space = box(2, 0, 1);
    const driver = new Driver(cmaes()(space), space);
    const distance = ({ params }: ObservedTrial): number =>
      Math.hypot((params.x0 as number) - 0.8, (params.x1 as number) - 0.3);
    for (let i = 0; i < 100; i++) {
      const trial = driver.ask();
      const off = distance(trial);
      if (off < 0.02) driver.complete(trial, { losses: [off] });
      else driver.prune(trial, 1 + Math.round(100 * (1 - off)), 5);
    }
    const late = driver.history.slice(80).map(distance);
    expect(late.filter((off) => off < 0.05).length).toBeGreaterThan(15);
  });

  it('keeps away from where trials fail', () => {
    const space = box(2, 0, 1);
    const driver = new Driver(cmaes()(space), space);
    for (let i = 0; i < 120; i++) {
      const trial = driver.ask();
      const [x, y] = vector(trial.params) as [number, number];
      if (x + y > 1) driver.end(trial, 'failed');
      else driver.complete(trial, { losses: [(x - 1) ** 2 + y ** 2] });
    }
    const failed = (from: number, to: number) =>
      driver.history.slice(from, to).filter(({ state }) => state === 'failed').length;
    expect(failed(90, 120)).toBeLessThan(20);
    const best = Math.min(...driver.history.flatMap(({ loss }) => loss ?? []));
    expect(best).toBeLessThan(0.01);
  });

  it('follows its options', () => {
    const problem = { space: box(2, -5, 5), loss: sphere(2) };
    const plain = bestAfter(40, cmaes()(problem.space), problem, 1);
    for (const options of [{ populationSize: 12 }, { sigma: 0.4 }])
      expect(bestAfter(40, cmaes(options)(problem.space), problem, 1)).not.toBe(plain);
  });

  it('comes close to the front of several objectives', () => {
    // Between the two minima, the distances to both add up to the distance between them.
    const [left, right] = [sphere(0.2), sphere(0.8)];
    const space = box(3, 0, 1);
    const driver = new Driver(cmaes()(space), space, { objectives: 2 });
    for (let i = 0; i < 200; i++) {
      const trial = driver.ask();
      driver.complete(trial, { losses: [left(trial.params), right(trial.params)] });
    }
    const detour = ({ losses }: ObservedTrial): number =>
      Math.sqrt(losses![0]!) + Math.sqrt(losses![1]!) - 0.6 * Math.sqrt(3);
    const late = driver.history.slice(150).map(detour);
    expect(late.sort((a, b) => a - b)[25]).toBeLessThan(0.02);
  });
});
