import type { Distribution, Params } from '../space/types.ts';
import { toUnit } from '../space/unit.ts';
import { createRng, type Rng } from '../study/rng.ts';
import type { Problem } from './problem.ts';
import { ProblemError } from './problem-error.ts';

/** The moved optimum keeps this distance from the faces of the unit cube. */
const MARGIN = 0.1;

export interface Move {
  /** 0..2^32-1; one seed is one instance. */
  readonly seed: number;
  readonly rotate: boolean;
}

/** Only float parameters without steps or conditions, and a known optimum: what can be moved as a whole. */
export function canBeMoved({ space, optimum, steps }: Problem): boolean {
  return (
    steps === null &&
    optimum.params !== null &&
    space.every(
      ({ distribution, when }) =>
        distribution.kind === 'float' && distribution.step === undefined && when.length === 0,
    )
  );
}

/**
 * A shifted and rotated instance of a continuous problem, so that no sampler gains by the optimum's place (the middle,
 * a diagonal) or by parameters that act one by one. In the unit cube (logarithms where the problem has them)
 * g(u) = f(o + R (u - c)): `o` is the original optimum, `c` the new one, uniform in the cube less a margin, `R` a random
 * rotation. Points of the corners may fall outside of the original box, where the expression is still evaluated; the
 * optimum's value stays the smallest as long as the original has no smaller one there.
 * @throws ProblemError for a problem that is not continuous.
 */
export function movedProblem(problem: Problem, { seed, rotate }: Move): Problem {
  if (!canBeMoved(problem))
    throw new ProblemError(
      `${problem.name} can't be shifted: it is not continuous, or its optimum is unknown.`,
    );
  const { space, optimum } = problem;
  const rng = createRng(seed, 0, `move ${problem.name}`);
  const from = space.map(({ name, distribution }) => toUnit(distribution, optimum.params![name]!));
  const to = space.map(() => MARGIN + (1 - 2 * MARGIN) * rng.next());
  const rotation = rotate ? randomRotation(space.length, rng) : identityMatrix(space.length);
  const evaluate = (params: Params): number => {
    const offset = space.map(({ name, distribution }, j) => toUnit(distribution, params[name]!) - to[j]!);
    const original: Params = {};
    for (const [i, { name }] of space.entries()) {
      const turned = rotation[i]!.reduce((sum, r, j) => sum + r * offset[j]!, 0);
      original[name] = place(space[i]!.distribution, from[i]! + turned);
    }
    return problem.evaluate(original);
  };
  const params = Object.fromEntries(
    space.map(({ name, distribution }, j) => [name, place(distribution, to[j]!)]),
  );
  return {
    name: `${problem.name}/${rotate ? 'rotated' : 'shifted'}-${seed}`,
    space,
    optimum: { value: optimum.value, params },
    steps: null,
    times: null,
    evaluate,
    curve: (point) => [evaluate(point)],
  };
}

/** The value at a place of the unit interval, and beyond its ends on the same scale. */
function place(distribution: Distribution, u: number): number {
  if (distribution.kind !== 'float') throw new TypeError(`${distribution.kind} is not continuous`);
  const { low, high, log } = distribution;
  return log ? low * (high / low) ** u : low + u * (high - low);
}

function identityMatrix(size: number): number[][] {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));
}

/**
 * Uniform over rotations: a matrix of normal draws made orthonormal by Gram and Schmidt, whose determinant is made 1
 * (Stewart, "The efficient generation of random orthogonal matrices", SIAM J. Numer. Anal. 17, 1980).
 */
export function randomRotation(size: number, rng: Rng): number[][] {
  const rows: number[][] = [];
  while (rows.length < size) {
    const row = Array.from({ length: size }, () => rng.normal());
    // Twice: once leaves rounding errors where the draw nearly lies in the span of the earlier rows.
    for (let pass = 0; pass < 2; pass++)
      for (const earlier of rows) {
        const along = dot(row, earlier);
        for (let j = 0; j < size; j++) row[j]! -= along * earlier[j]!;
      }
    const length = Math.sqrt(dot(row, row));
    if (length > 1e-9) rows.push(row.map((x) => x / length));
  }
  if (determinant(rows) < 0) rows[0] = rows[0]!.map((x) => -x);
  return rows;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}

function determinant(matrix: readonly (readonly number[])[]): number {
  const m = matrix.map((row) => [...row]);
  let result = 1;
  for (let i = 0; i < m.length; i++) {
    let pivot = i;
    for (let r = i + 1; r < m.length; r++) if (Math.abs(m[r]![i]!) > Math.abs(m[pivot]![i]!)) pivot = r;
    if (pivot !== i) {
      [m[i], m[pivot]] = [m[pivot]!, m[i]!];
      result = -result;
    }
    result *= m[i]![i]!;
    for (let r = i + 1; r < m.length; r++) {
      const factor = m[r]![i]! / m[i]![i]!;
      for (let c = i; c < m.length; c++) m[r]![c]! -= factor * m[i]![c]!;
    }
  }
  return result;
}
