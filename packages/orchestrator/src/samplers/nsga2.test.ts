import { describe, expect, it } from 'vitest';
import { hypervolume } from '../objectives/index.ts';
import type { Params, Space } from '../space/types.ts';
import { float, int, isIn, oneOf, parameter } from '../study/testing/spaces.ts';
import { createNsga2Sampler, type Nsga2Options } from './nsga2.ts';
import { createRandomSampler } from './random.ts';
import type { Sampler } from './sampler.ts';
import { createSobolSampler } from './sobol.ts';
import { Driver } from './testing/driver.ts';
import { box, rosenbrock, zdt1 } from './testing/functions.ts';

const DEFAULTS: Nsga2Options = { populationSize: 50, crossoverProbability: 0.9, mutationProbability: null };
const SEEDS = [1, 2, 3, 4, 5];

function drive(
  trials: number,
  sampler: Sampler,
  space: Space,
  losses: (params: Params) => readonly number[],
  seed: number,
): Driver {
  const driver = new Driver(sampler, space, {
    seed,
    objectives: losses(new Driver(sampler, space).peek()).length,
  });
  for (let i = 0; i < trials; i++) {
    const trial = driver.ask();
    driver.complete(trial, { losses: losses(trial.params) });
  }
  return driver;
}

const nsga2 = (space: Space, options: Partial<Nsga2Options> = {}): Sampler =>
  createNsga2Sampler(space, { ...DEFAULTS, ...options });

const volumeOf = ({ history }: Driver, reference: readonly number[]): number =>
  hypervolume(
    history.map(({ losses }) => losses!),
    reference,
  );

describe('NSGA-II', () => {
  it('comes close to the front of ZDT1 and covers it, which random search does not', () => {
    const space = box(6, 0, 1);
    // Below (1.1, 1.1) the front of ZDT1 leaves ∫ (1 - √x) = 1/3 of the unit square uncovered.
    const whole = 1.1 ** 2 - 1 / 3;
    for (const seed of SEEDS) {
      const driver = drive(500, nsga2(space, { populationSize: 30 }), space, zdt1, seed);
      expect(volumeOf(driver, [1.1, 1.1])).toBeGreaterThan(0.85 * whole);
      const random = drive(500, createRandomSampler(), space, zdt1, seed);
      expect(volumeOf(random, [1.1, 1.1])).toBeLessThan(0.2 * whole);
    }
  });

  it('needs far fewer trials than random search with one objective too', () => {
    const space = box(3, -3, 3);
    const losses = (params: Params) => [rosenbrock(params)];
    const median = (create: () => Sampler): number =>
      SEEDS.map((seed) => {
        const { history } = drive(400, create(), space, losses, seed);
        return Math.min(...history.map(({ loss }) => loss!));
      }).sort((a, b) => a - b)[2]!;
    expect(median(() => nsga2(space, { populationSize: 20 }))).toBeLessThan(median(createRandomSampler) / 3);
  });

  it('finds both ends and the middle of a front over choices and conditional parameters', () => {
    const space = [
      parameter('model', oneOf('small', 'large')),
      parameter('width', int(1, 64, { log: true }), isIn('model', 'large')),
      parameter('rate', float(1e-4, 1, { log: true })),
    ];
    // Cost against error: the small model is cheap and bad, the large one pays for its width.
    const losses = (p: Params): [number, number] => {
      const width = p.model === 'large' ? (p.width as number) : 0.5;
      return [width, 1 / width + Math.log10((p.rate as number) / 0.01) ** 2];
    };
    const { history } = drive(250, nsga2(space, { populationSize: 20 }), space, losses, 3);
    const bestError = (from: number, to: number): number =>
      Math.min(...history.map(({ losses: at }) => (at![0]! >= from && at![0]! <= to ? at![1]! : 99)));
    expect(bestError(0.5, 0.5)).toBeLessThan(2.05);
    expect(bestError(1, 4)).toBeLessThan(0.35);
    expect(bestError(48, 64)).toBeLessThan(0.1);
  });

  it('prefers room on the front: the middle of a line with many points on one side gets more children', () => {
    const space = box(1, 0, 1);
    const line = (params: Params): [number, number] => [params.x0 as number, 1 - (params.x0 as number)];
    const { history } = drive(120, nsga2(space, { populationSize: 10 }), space, line, 2);
    const thirds = [0, 1, 2].map(
      (k) => history.filter(({ params }) => Math.floor(3 * (params.x0 as number)) === k).length,
    );
    expect(Math.min(...thirds)).toBeGreaterThan(15);
  });

  it('has a population that fits the length of the sweep, and begins to breed when it is full', () => {
    const space = [parameter('x', float(0, 1)), parameter('only', float(0, 1))];
    for (const [runCap, size] of [
      [40, 10],
      [480, 30],
      [10_000, 50],
      [null, 50],
    ] as const) {
      const sampler = nsga2(space, { populationSize: null });
      const driver = new Driver(sampler, space, { runCap });
      const sobol = new Driver(createSobolSampler(), space);
      const followed = Array.from({ length: size + 1 }, () => {
        const same = JSON.stringify(driver.peek()) === JSON.stringify(sobol.ask().params);
        driver.complete(driver.ask(), { losses: [1] });
        return same;
      });
      expect(followed.indexOf(false)).toBe(size);
    }
  });

  it('takes no notice of running and stopped trials, and never breeds from failed ones', () => {
    const space = box(2, 0, 1);
    const sampler = nsga2(space, { populationSize: 5, mutationProbability: 0, crossoverProbability: 0 });
    const driver = new Driver(sampler, space);
    for (let i = 0; i < 20; i++) {
      const trial = driver.ask();
      if (i % 4 === 0) driver.end(trial, 'failed');
      else if (i % 4 === 1) driver.end(trial, 'stopped');
      else if (i % 4 === 2) driver.complete(trial, { losses: [i] });
    }
    const parents = driver.history.filter(({ state }) => state === 'complete').map(({ params }) => params);
    // Nothing may change, so that a child is its parent until, as nothing new comes of it, it is drawn.
    const child = driver.peek();
    expect(parents).not.toContainEqual(child);
    expect(driver.history.map(({ params }) => params)).not.toContainEqual(child);
  });
});
