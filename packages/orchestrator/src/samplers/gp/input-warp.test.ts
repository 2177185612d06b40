import { describe, expect, it } from 'vitest';
import { Evidence } from './evidence.ts';
import { HyperPrior } from './hyper-prior.ts';
import { InputWarp, warpOf } from './input-warp.ts';
import { kernelShape, type Theta, thetaLength, warpIndex } from './kernel-shape.ts';
import { minimise } from './lbfgs.ts';
import { PointColumns } from './points.ts';
import type { TermPlan } from './terms.ts';

/** A choice, a warped number and one that is not warped. */
const shape = kernelShape(Uint8Array.of(1, 0, 0), [[0, 1, 2]], 3, [1]);

function thetaOf(a: number, b: number): Theta {
  const theta = new Float64Array(thetaLength(shape));
  theta[warpIndex(shape, 0)] = Math.log(a);
  theta[warpIndex(shape, 0) + 1] = Math.log(b);
  return theta;
}

const powers = [
  [1, 1],
  [0.3, 1],
  [1, 4],
  [0.2, 5],
  [6, 0.4],
  [20, 20],
] as const;

describe('the warp of a column', () => {
  it.each(powers)('is the distribution of Kumaraswamy for a = %d, b = %d', (a, b) => {
    const warp = new InputWarp(shape, thetaOf(a, b));
    for (const x of [0.02, 0.1, 0.5, 0.77, 0.98])
      expect(Math.abs(warp.at(1, x) - (1 - (1 - x ** a) ** b))).toBeLessThan(1e-3);
  });

  it('leaves everything where it is for a = b = 1, and choices and other columns always', () => {
    const point = Float64Array.of(3, 0.25, 0.6);
    const same = new InputWarp(shape, thetaOf(1, 1)).apply(point, new Float64Array(3));
    for (const [c, x] of same.entries()) expect(x).toBeCloseTo(point[c]!, 4);
    const [choice, , other] = new InputWarp(shape, thetaOf(0.2, 5)).apply(point, new Float64Array(3));
    expect([choice, other]).toEqual([3, 0.6]);
  });

  it.each(powers)('has the slope that differences give, finite at both ends (a = %d, b = %d)', (a, b) => {
    const warp = new InputWarp(shape, thetaOf(a, b));
    const step = 1e-7;
    for (const x of [1e-5, 0.03, 0.5, 0.9, 1 - 1e-5]) {
      const difference = (warp.at(1, x + step) - warp.at(1, x - step)) / (2 * step);
      expect(Math.abs(warp.slope(1, x) - difference)).toBeLessThan(1e-3 * Math.max(1, difference));
    }
    for (const end of [0, 1]) expect(Number.isFinite(warp.slope(1, end))).toBe(true);
    expect(warp.slope(2, 0.3)).toBe(1);
  });

  it.each(powers)('keeps apart what lies beyond the range (a = %d, b = %d)', (a, b) => {
    const warp = new InputWarp(shape, thetaOf(a, b));
    expect(warp.at(1, 0) - warp.at(1, -0.3)).toBeCloseTo(0.3, 12);
    expect(warp.at(1, 1.6) - warp.at(1, 1)).toBeCloseTo(0.6, 12);
  });

  it('costs nothing where nothing is warped', () => {
    const plain = kernelShape(Uint8Array.of(0), [[0]]);
    expect(warpOf(plain, new Float64Array(thetaLength(plain)))).toBeNull();
  });
});

describe('the evidence for a function of the logarithm of what it is given', () => {
  const plan: TermPlan[] = [{ columns: [0], weight: 1, scale: 0.2, spread: Math.sqrt(3) }];
  const xs = Array.from({ length: 20 }, (_, i) => ((i * 7) % 20) / 20 + 0.025);
  const loss = (x: number): number => Math.cos(2 * Math.log(x + 1e-3));

  function best(warped: readonly number[]): { value: number; theta: Theta } {
    const own = kernelShape(Uint8Array.of(0), [[0]], 1, warped);
    const prior = new HyperPrior(own, plan);
    const points = new PointColumns(1);
    for (const x of xs) points.push(Float64Array.of(x));
    const losses = xs.map(loss);
    const mean = losses.reduce((sum, y) => sum + y / losses.length, 0);
    const spread = Math.sqrt(losses.reduce((sum, y) => sum + (y - mean) ** 2 / losses.length, 0));
    const y = Float64Array.from(losses, (value) => (value - mean) / spread);
    const { value, x } = minimise(new Evidence(own, points, y, prior).at, prior.mean, {
      lower: prior.mean.map((centre, i) => centre - 5 * prior.spread[i]!),
      upper: prior.mean.map((centre, i) => centre + 5 * prior.spread[i]!),
      evaluations: 200,
      gradientTolerance: 1e-4,
      valueTolerance: 1e-8,
    });
    return { value, theta: x };
  }

  it('is clearly higher with a warp, which stretches where the function is fast', () => {
    const plain = best([]);
    const warped = best([0]);
    // −log densities without their constants: the warp's two priors make it no lower.
    expect(plain.value - warped.value).toBeGreaterThan(5);
    const warp = warpOf(kernelShape(Uint8Array.of(0), [[0]], 1, [0]), warped.theta)!;
    expect(warp.slope(0, 0.02)).toBeGreaterThan(4 * warp.slope(0, 0.8));
  });
});
