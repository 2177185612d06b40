import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anySpace } from '../conformance/arbitrary-space.ts';
import { contains } from '../space/axis.ts';
import { drawParams } from '../space/points.ts';
import type { Space } from '../space/types.ts';
import { createRng } from '../study/rng.ts';
import type { AnalysedTrial } from './analysed-trials.ts';
import { parameterImportance } from './importance/importance.ts';
import { PartialDependence } from './partial-dependence.ts';

const ODD = [null, Number.NaN, Infinity, -Infinity, 1e300, -1e-300, 0];

/** Up to 40 points, every fourth of them with a result that is none, or hardly one. */
const sample = (space: Space, seed: number): AnalysedTrial[] => {
  const rng = createRng(seed, 0, 'any space');
  return Array.from({ length: rng.int(41) }, () => {
    const params = drawParams(space, rng);
    return { params, value: rng.int(4) === 0 ? ODD[rng.int(ODD.length)]! : rng.normal() };
  });
};
const anySweep = fc
  .tuple(anySpace, fc.nat())
  .map(([space, seed]) => ({ space, trials: sample(space, seed) }));

describe('in any space, whatever came out', () => {
  it.each(['ped-anova', 'fanova'] as const)('importances are shares that sum to 1 (%s)', (method) => {
    fc.assert(
      fc.property(anySweep, ({ space, trials }) => {
        const found = parameterImportance(space, trials, { method, goal: 'minimize' });
        const shares = found.parameters.map(({ importance }) => importance);
        expect(shares.every((share) => share >= 0 && share <= 1 + 1e-9)).toBe(true);
        if (shares.length > 0) expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
        expect(found.trials + found.dropped).toBe(trials.length);
        expect(found.rSquared === null || found.rSquared <= 1).toBe(true);
      }),
      { seed: 1, numRuns: 80 },
    );
  });

  it('pictures hold numbers at values that can be', () => {
    fc.assert(
      fc.property(anySweep, ({ space, trials }) => {
        const dependence = new PartialDependence(space, trials);
        for (const { name, distribution } of space) {
          const points = dependence.slice(name)?.points ?? [];
          for (const { value, mean, deviation } of points) {
            expect(contains(distribution, value)).toBe(true);
            expect(Number.isFinite(mean) && deviation >= 0).toBe(true);
          }
          const contour = dependence.contour(space[0]!.name, name);
          expect(contour === null || contour.mean.flat().every(Number.isFinite)).toBe(true);
        }
      }),
      { seed: 2, numRuns: 50 },
    );
  });
});
