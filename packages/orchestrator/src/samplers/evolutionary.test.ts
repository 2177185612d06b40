import { describe, expect, it } from 'vitest';
import { pointKey } from '../space/points.ts';
import type { Params, Space } from '../space/types.ts';
import { createRng, type Rng } from '../study/rng.ts';
import { float, int, oneOf, parameter, studyWith } from '../study/testing/spaces.ts';
import { createSampler } from './index.ts';
import type { ObservedTrial, Sampler } from './sampler.ts';
import { Driver } from './testing/driver.ts';
import { randomSpace } from './testing/random-space.ts';
import { expectInside } from './testing/run-study.ts';

const SAMPLERS = [
  { type: 'cmaes', options: {} },
  { type: 'cmaes', options: { population_size: 3, restart_strategy: 'bipop' } },
  { type: 'nsga2', options: { population_size: 8 } },
] as const;

const NAMED = SAMPLERS.map((config) => [`${config.type} ${JSON.stringify(config.options)}`, config] as const);
const SEEDS = Array.from({ length: 15 }, (_, seed) => seed);

const create = (space: Space, config: (typeof SAMPLERS)[number]): Sampler =>
  createSampler(space, 'bayes', config);

/** Everything that can happen to a trial, infinite and equal losses included. */
function endSomehow(driver: Driver, trial: ObservedTrial, rng: Rng): void {
  const loss = [1, rng.next(), rng.normal(), Number.POSITIVE_INFINITY, -1e300][rng.int(5)]!;
  const how = rng.int(7);
  if (how === 0) driver.end(trial, 'failed');
  else if (how === 1) driver.end(trial, 'stopped');
  else if (how === 2) driver.prune(trial, 1 + rng.int(5), loss);
  else driver.complete(trial, { losses: [loss], violations: [rng.int(3) - 1] });
}

/** Some of those that were pruned are promoted and go further, as the study shows them to a sampler. */
function promote(driver: Driver, rng: Rng): void {
  for (const trial of driver.history.filter(({ state }) => state === 'pruned')) {
    if (rng.int(10) === 0) driver.prune(trial, trial.step + 1, rng.next());
    else if (rng.int(20) === 0) driver.complete(trial, { losses: [rng.next()], violations: [0] });
  }
}

/** Asks with 1 to 64 trials in flight, which end in any order. */
function drive(driver: Driver, trials: number, rng: Rng): void {
  const open: ObservedTrial[] = [];
  const width = [1, 1, 2, 7, 64][rng.int(5)]!;
  while (driver.history.length < trials) {
    open.push(driver.ask());
    if (open.length < width) continue;
    const [ending] = open.splice(rng.int(open.length), 1);
    endSomehow(driver, ending!, rng);
    if (rng.int(8) === 0) promote(driver, rng);
  }
}

describe.each(NAMED)('%s', (_, config) => {
  it.each(SEEDS)('suggests points of the space whatever becomes of them (seed %i)', (seed) => {
    const rng = createRng(seed, 0, 'test');
    const space = randomSpace(rng);
    const driver = new Driver(create(space, config), space, { seed, constraints: 1 });
    drive(driver, 90, rng);
    for (const { params } of driver.history) expectInside(space, params);
  });

  it.each(SEEDS)('suggests the same for the same history, whichever way it got there (seed %i)', (seed) => {
    const rng = createRng(seed, 1, 'test');
    const space = randomSpace(rng);
    const driver = new Driver(create(space, config), space, { seed, constraints: 1 });
    drive(driver, 70, rng);
    const afresh = new Driver(create(space, config), space, { seed, constraints: 1 });
    expect(afresh.peek(driver.history)).toEqual(driver.peek());
  });

  it('reaches both ends of a range of whole numbers', () => {
    const space = [parameter('n', int(-3, 12)), parameter('wide', int(1, 512, { log: true }))];
    for (const end of ['least', 'most'] as const) {
      const driver = new Driver(create(space, config), space);
      for (let i = 0; i < 150; i++) {
        const trial = driver.ask();
        const sum = (trial.params.n as number) / 15 + Math.log2(trial.params.wide as number) / 9;
        driver.complete(trial, { losses: [end === 'least' ? sum : -sum] });
      }
      const seen = (name: string) => driver.history.map(({ params }) => params[name]);
      expect(seen('n')).toContain(end === 'least' ? -3 : 12);
      expect(seen('wide')).toContain(end === 'least' ? 1 : 512);
    }
  });

  it('tries no point twice while there is another', () => {
    const space = [parameter('n', int(0, 5)), parameter('c', oneOf('a', 'b', 'c', 'd'))];
    const driver = new Driver(create(space, config), space);
    for (let i = 0; i < 20; i++) driver.complete(driver.ask(), { losses: [i] });
    expect(new Set(driver.history.map(({ params }) => pointKey(space, params))).size).toBe(20);
    // All 24 are tried sooner or later, and then it goes on.
    for (let i = 0; i < 60; i++) driver.complete(driver.ask(), { losses: [i] });
    expect(new Set(driver.history.map(({ params }) => pointKey(space, params))).size).toBe(24);
  });

  it('asks for different points while nothing has ended', () => {
    const space = [parameter('x', float(0, 1)), parameter('y', float(0, 1))];
    const driver = new Driver(create(space, config), space);
    for (let i = 0; i < 64; i++) driver.ask();
    expect(new Set(driver.history.map(({ params }) => pointKey(space, params))).size).toBe(64);
  });

  it('begins with the priors', () => {
    const space = [
      { ...parameter('rate', float(1e-5, 1, { log: true })), prior: 1e-3 },
      { ...parameter('kind', oneOf('a', 'b')), prior: 'b' },
    ];
    const { rate, kind } = new Driver(create(space, config), space).peek();
    expect(rate).toBeCloseTo(1e-3, 12);
    expect(kind).toBe('b');
  });

  it('begins where earlier sweeps on related tasks were good, and learns that they were wrong', () => {
    const space = [
      parameter('x', float(0, 1)),
      parameter('y', float(0, 1)),
      parameter('kind', oneOf('a', 'b', 'c')),
    ];
    const lossAt =
      (centre: number, best: string) =>
      ({ x, y, kind }: Params): number =>
        ((x as number) - centre) ** 2 + ((y as number) - centre) ** 2 + (kind === best ? 0 : 0.2);
    const other = createRng(1, 0, 'earlier');
    const trials = Array.from({ length: 80 }, () => {
      const params = { x: other.next(), y: other.next(), kind: 'abc'[other.int(3)]!, gone: 3 };
      return { params, loss: 1000 + lossAt(0.8, 'c')(params) };
    });
    const transfer = [{ name: 'earlier', trials }];
    const bestAfter = (count: number, loss: (params: Params) => number, tasks: typeof transfer): number => {
      const bests = [1, 2, 3, 4, 5].map((seed) => {
        const driver = new Driver(create(space, config), space, { seed, transfer: tasks });
        for (let i = 0; i < count; i++) {
          const trial = driver.ask();
          driver.complete(trial, { losses: [loss(trial.params)] });
        }
        return Math.min(...driver.history.map(({ loss: value }) => value!));
      });
      return bests.sort((a, b) => a - b)[2]!;
    };
    const related = lossAt(0.85, 'c');
    expect(bestAfter(8, related, transfer)).toBeLessThan(bestAfter(8, related, []) / 2);
    expect(bestAfter(120, lossAt(0.1, 'a'), transfer)).toBeLessThan(0.01);
  });

  it('says in a few words where a suggestion comes from', () => {
    const study = studyWith({ parameters: [parameter('x', float(0, 1))], method: 'bayes', sampler: config });
    for (let i = 0; i < 12; i++) {
      const { number, params, sampler } = study.ask()!;
      const early = config.type === 'cmaes' ? /^cmaes \(generation \d\)$/ : /^nsga2$/;
      expect(sampler).toMatch(
        number < 8 || config.type === 'cmaes' ? early : /^nsga2 \(child of \d+( and \d+)?\)$/,
      );
      study.tell(number, { state: 'complete', value: params.x as number });
    }
  });

  it('goes to where the constraint is kept', () => {
    const space = [parameter('x', float(0, 1)), parameter('y', float(0, 1))];
    const driver = new Driver(create(space, config), space, { constraints: 1 });
    for (let i = 0; i < 200; i++) {
      const trial = driver.ask();
      const { x, y } = trial.params as { x: number; y: number };
      driver.complete(trial, { losses: [x + y], violations: [0.5 - x * y] });
    }
    const feasible = driver.history.filter(({ violations }) => violations![0]! <= 0);
    const best = Math.min(...feasible.map(({ loss }) => loss!));
    // The least sum of two numbers whose product is a half is √2.
    expect(best).toBeLessThan(1.5);
    expect(best).toBeGreaterThanOrEqual(Math.SQRT2);
  });
});
