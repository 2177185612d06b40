import type { Params, Space } from '../../space/types.ts';
import { float, parameter } from '../../study/testing/spaces.ts';

/** d parameters x0 … between two bounds. */
export function box(dimension: number, low: number, high: number): Space {
  return Array.from({ length: dimension }, (_, j) => parameter(`x${j}`, float(low, high)));
}

/** The values of a point in a box. */
export function vector(params: Params): number[] {
  return Object.values(params).map(Number);
}

/** Least value 0, at `centre`. */
export const sphere =
  (centre: number) =>
  (params: Params): number =>
    vector(params).reduce((sum, x) => sum + (x - centre) ** 2, 0);

/** Least value 0, at the end of a curved valley, (1, …, 1). */
export function rosenbrock(params: Params): number {
  const x = vector(params);
  return x.slice(1).reduce((sum, next, j) => sum + 100 * (next - x[j]! ** 2) ** 2 + (1 - x[j]!) ** 2, 0);
}

/** Zitzler, Deb & Thiele 2000: the front is f2 = 1 - √f1, where all but x0 are 0. */
export function zdt1(params: Params): [number, number] {
  const [x0, ...rest] = vector(params) as [number, ...number[]];
  const g = 1 + (9 * rest.reduce((sum, x) => sum + x, 0)) / rest.length;
  return [x0, g * (1 - Math.sqrt(x0 / g))];
}
