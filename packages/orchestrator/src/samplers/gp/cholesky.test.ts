import { expect, it } from 'vitest';
import { createRng } from '../../study/rng.ts';
import { Cholesky } from './cholesky.ts';

const SIZE = 9;

/** B·Bᵀ + I for a random B. */
function positiveDefinite(): number[][] {
  const rng = createRng(1, 0, 'matrix');
  const b = Array.from({ length: SIZE }, () => Array.from({ length: SIZE }, () => rng.normal()));
  return b.map((row, i) =>
    b.map((other, j) => row.reduce((sum, x, k) => sum + x * other[k]!, i === j ? 1 : 0)),
  );
}

function factorise(matrix: readonly (readonly number[])[], capacity: number): Cholesky {
  const cholesky = new Cholesky(capacity);
  for (const [i, row] of matrix.entries()) cholesky.push(Float64Array.from(row.slice(0, i + 1)));
  return cholesky;
}

it('solves what the matrix multiplies', () => {
  const matrix = positiveDefinite();
  const x = Float64Array.from(matrix, (_, i) => i - 3);
  const b = Float64Array.from(matrix, (row) => row.reduce((sum, a, j) => sum + a * x[j]!, 0));
  const cholesky = factorise(matrix, 2);
  cholesky.solveLower(b);
  cholesky.solveUpper(b);
  for (let i = 0; i < SIZE; i++) expect(b[i]).toBeCloseTo(x[i]!, 9);
});

it('has the same bits after rows were dropped and added again as from scratch', () => {
  const matrix = positiveDefinite();
  const cholesky = factorise(matrix, 4);
  cholesky.truncate(5);
  for (const [i, row] of matrix.entries()) if (i >= 5) cholesky.push(Float64Array.from(row.slice(0, i + 1)));
  const fresh = factorise(matrix, SIZE);
  for (let i = 0; i < SIZE; i++)
    for (let j = 0; j <= i; j++)
      expect(cholesky.lower[i * cholesky.stride + j]).toBe(fresh.lower[i * fresh.stride + j]);
});

it('inverts its triangle', () => {
  const matrix = positiveDefinite();
  const inverse = new Float64Array(SIZE * SIZE);
  factorise(matrix, SIZE).inverseTransposed(inverse);
  // A · (L⁻ᵀ · L⁻¹) is the identity.
  const product = (i: number, j: number): number => {
    let sum = 0;
    for (let k = 0; k < SIZE; k++)
      for (let m = Math.max(k, j); m < SIZE; m++)
        sum += matrix[i]![k]! * inverse[k * SIZE + m]! * inverse[j * SIZE + m]!;
    return sum;
  };
  for (let i = 0; i < SIZE; i++)
    for (let j = 0; j < SIZE; j++) expect(product(i, j)).toBeCloseTo(i === j ? 1 : 0, 9);
});

it('takes a row twice', () => {
  const cholesky = new Cholesky(2);
  cholesky.push(Float64Array.of(1));
  cholesky.push(Float64Array.of(1, 1));
  const b = Float64Array.of(1, 1);
  cholesky.solveLower(b);
  expect(b.every(Number.isFinite)).toBe(true);
});
