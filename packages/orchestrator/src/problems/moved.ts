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

/** g(u) = f(from + rotation (u - to)) in the unit cube. */
export interface Placement {
  /** Where the optimum was, and where it lies now. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly rotation: ReadonlyArray<readonly number[]>;
}

/** @throws ProblemError for a problem that is not continuous. */
export function placementOf(problem: Problem, { seed, rotate }: Move): Placement {
  if (!canBeMoved(problem))
    throw new ProblemError(
      `${problem.name} can't be shifted: it is not continuous, or its optimum is unknown.`,
    );
  const { space, optimum, name } = problem;
  const rng = createRng(seed, 0, `move ${name}`);
  return {
    from: space.map((parameter) => toUnit(parameter.distribution, optimum.params![parameter.name]!)),
    to: space.map(() => MARGIN + (1 - 2 * MARGIN) * rng.next()),
    rotation: rotate ? randomRotation(space.length, rng) : identityMatrix(space.length),
  };
}

/**
 * A shifted and rotated instance of a continuous problem, so that no sampler gains by the optimum's place (the middle,
 * a diagonal) or by parameters that act one by one. In the unit cube (logarithms where the problem has them) the new
 * optimum is uniform less a margin, the rotation about it random. Points near the corners may fall outside of the
 * original box, where the expression is still evaluated; the optimum's value stays the smallest as long as the original
 * has no smaller one there.
 * @throws ProblemError for a problem that is not continuous.
 */
export function movedProblem(problem: Problem, move: Move): Problem {
  const { from, to, rotation } = placementOf(problem, move);
  const { space, optimum } = problem;
  const evaluate = (params: Params): number => {
    const offset = space.map(({ name, distribution }, j) => toUnit(distribution, params[name]!) - to[j]!);
    const original: Params = {};
    for (const [i, { name, distribution }] of space.entries())
      original[name] = place(distribution, from[i]! + dot(rotation[i]!, offset));
    return problem.evaluate(original);
  };
  const best = space.map(({ name, distribution }, j) => [name, place(distribution, to[j]!)] as const);
  return {
    name: `${problem.name}/${move.rotate ? 'rotated' : 'shifted'}-${move.seed}`,
    space,
    optimum: { value: optimum.value, params: Object.fromEntries(best) },
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
