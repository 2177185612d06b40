import { describe, expect, it } from 'vitest';
import type { SamplerConfig } from '../config/sweep-config.ts';
import type { Params } from '../space/types.ts';
import { createSampler } from './index.ts';
import { Driver } from './testing/driver.ts';
import { box, vector } from './testing/functions.ts';

const SPACE = box(3, 0, 1);
const SAMPLERS = [
  ['tpe', {}],
  ['nsga2', { population_size: 8 }],
  ['cmaes', { population_size: 8 }],
] as const;

/** The parameters of 80 trials; two at a time, the later one ends first. */
function search(
  type: SamplerConfig['type'],
  options: object,
  violations: (x: readonly number[]) => number[],
): Params[] {
  const sampler = createSampler(SPACE, 'bayes', { type, options: { ...options } });
  const driver = new Driver(sampler, SPACE, { seed: 3, constraints: 2 });
  for (let i = 0; i < 40; i++) {
    for (const trial of [driver.ask(), driver.ask()].reverse()) {
      const x = vector(trial.params);
      driver.complete(trial, { losses: [x[0]! + x[1]! + x[2]!], violations: violations(x) });
    }
  }
  return driver.history.map(({ params }) => params);
}

describe.each(SAMPLERS)('%s with two constraints', (type, options) => {
  it('suggests the same in whatever unit one of them is measured', () => {
    // Few points keep both: most of what is known are violations.
    const inUnit = (unit: number) => search(type, options, ([a, b]) => [unit * (0.9 - a!), 0.3 * (0.8 - b!)]);
    // A power of 2 changes no digit.
    expect(inUnit(2 ** 20)).toEqual(inUnit(1));
  });

  it('forgets neither where both cannot be kept and one is in thousands', () => {
    const late = search(type, options, ([a, b]) => [0.1 + a!, 1_000 * (0.1 + b!)]).slice(-30);
    const [a, b] = [0, 1].map((c) => late.reduce((sum, params) => sum + vector(params)[c]!, 0) / late.length);
    expect(Math.max(a!, b!)).toBeLessThan(0.3);
  });
});
