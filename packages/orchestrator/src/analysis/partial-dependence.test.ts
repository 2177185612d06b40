import { describe, expect, it } from 'vitest';
import { drawParams } from '../space/points.ts';
import type { Distribution, Params, Space } from '../space/types.ts';
import { createRng } from '../study/rng.ts';
import { PartialDependence } from './partial-dependence.ts';

const unit: Distribution = { kind: 'float', low: 0, high: 1, log: false };
const SPACE: Space = [
  { name: 'x', distribution: unit, when: [] },
  { name: 'rate', distribution: { kind: 'float', low: 1e-3, high: 1, log: true }, when: [] },
  {
    name: 'kind',
    distribution: { kind: 'categorical', choices: ['a', 'b'], ordered: false },
    when: [],
  },
  { name: 'depth', distribution: unit, when: [{ parameter: 'kind', kind: 'in', values: ['b'] }] },
  { name: 'fixed', distribution: { kind: 'constant', value: 1 }, when: [] },
];

function dependence(trials: number, f: (params: Params) => number): PartialDependence {
  const rng = createRng(4, 0, 'dependence test');
  const sample = Array.from({ length: trials }, () => {
    const params = drawParams(SPACE, rng);
    return { params, value: f(params) };
  });
  return new PartialDependence(SPACE, sample);
}

const number = (params: Params, name: string): number => params[name] as number;

describe('PartialDependence', () => {
  const model = dependence(
    3000,
    (p) =>
      2 * number(p, 'x') + Math.log10(number(p, 'rate')) + (p.kind === 'b' ? 3 * number(p, 'depth') - 1 : 0),
  );
  // Means over the space: x 1, log10(rate) -1.5, b: 0.5 in half of it.

  it('follows the known mean along a parameter', () => {
    const { points, present } = model.slice('x')!;
    expect(present).toBe(1);
    expect(points[0]!.value).toBe(0);
    expect(points.at(-1)!.value).toBe(1);
    for (const { value, mean } of points)
      expect(Math.abs(mean - (2 * (value as number) - 1.5 + 0.25))).toBeLessThan(0.2);
  });

  it('steps evenly on a logarithmic scale', () => {
    const { points } = model.slice('rate')!;
    const ratios = points.slice(1).map(({ value }, i) => (value as number) / (points[i]!.value as number));
    for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0]!, 9);
    for (const { value, mean } of points)
      expect(Math.abs(mean - (Math.log10(value as number) + 1 + 0.25))).toBeLessThan(0.3);
  });

  it('has one point per choice, and looks at a child where it exists', () => {
    const kind = Object.fromEntries(model.slice('kind')!.points.map(({ value, mean }) => [value, mean]));
    expect(kind.b! - kind.a!).toBeCloseTo(0.5, 1);
    const { points, present } = model.slice('depth')!;
    expect(present).toBeCloseTo(0.5, 1);
    expect(points.at(-1)!.mean - points[0]!.mean).toBeGreaterThan(2.5);
  });

  it('is the plane of two parameters, and its mean along one is the slice of the other', () => {
    const { x, y, mean } = model.contour('x', 'kind')!;
    expect(y).toEqual(['a', 'b']);
    expect([x[0], x.at(-1)]).toEqual([0, 1]);
    const { points } = model.slice('x')!;
    const average = (column: number): number => 0.5 * (mean[0]!.at(column)! + mean[1]!.at(column)!);
    expect(average(0)).toBeCloseTo(points[0]!.mean, 9);
    expect(average(-1)).toBeCloseTo(points.at(-1)!.mean, 9);
    const turned = model.contour('kind', 'x')!;
    expect(turned.mean[3]![1]).toBeCloseTo(mean[1]![3]!, 9);
  });

  it('shows an interaction that no slice shows', () => {
    const saddle = dependence(2000, (p) => (number(p, 'x') - 0.5) * (Math.log10(number(p, 'rate')) + 1.5));
    const { mean } = saddle.contour('x', 'rate')!;
    const [first, last] = [mean[0]!, mean.at(-1)!];
    expect(first[0]).toBeGreaterThan(0.4);
    expect(last.at(-1)).toBeGreaterThan(0.4);
    expect(first.at(-1)).toBeLessThan(-0.4);
    expect(last[0]).toBeLessThan(-0.4);
    for (const point of saddle.slice('x')!.points) expect(Math.abs(point.mean)).toBeLessThan(0.15);
  });

  it('has no picture of what never varied, and none of no trials', () => {
    expect(model.slice('fixed')).toBeNull();
    expect(model.contour('x', 'x')).toBeNull();
    expect(new PartialDependence(SPACE, []).slice('x')).toBeNull();
  });
});
