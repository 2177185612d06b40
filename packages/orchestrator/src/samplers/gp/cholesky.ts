/** Pivots below this share of the diagonal are lost to rounding: two rows are one point in all digits. */
const SMALLEST_PIVOT = 1e-13;

/**
 * The lower triangle L with L·Lᵀ = A, built row after row. A row depends on earlier rows alone, so rows can be added
 * (O(n²) each) or dropped from the end, and the result has the same bits as a factorisation from scratch.
 */
export class Cholesky {
  /** Row-major, `stride` numbers a row. */
  lower: Float64Array;
  stride: number;
  size = 0;

  constructor(capacity = 64) {
    this.stride = Math.max(1, capacity);
    this.lower = new Float64Array(this.stride * this.stride);
  }

  /** Adds a row of A: `row[0..size]`, its own diagonal element last. */
  push(row: Float64Array): void {
    if (this.size === this.stride) this.#grow();
    const { lower, stride, size } = this;
    const at = size * stride;
    for (let j = 0; j < size; j++)
      lower[at + j] = (row[j]! - dot(lower, at, lower, j * stride, j)) / lower[j * stride + j]!;
    const pivot = row[size]! - dot(lower, at, lower, at, size);
    lower[at + size] = Math.sqrt(Math.max(pivot, SMALLEST_PIVOT * row[size]!));
    this.size++;
  }

  /** Keeps the first `size` rows. */
  truncate(size: number): void {
    this.size = Math.min(this.size, size);
  }

  /** b ← L⁻¹·b */
  solveLower(b: Float64Array): void {
    const { lower, stride, size } = this;
    for (let i = 0; i < size; i++) {
      const at = i * stride;
      b[i] = (b[i]! - dot(lower, at, b, 0, i)) / lower[at + i]!;
    }
  }

  /**
   * b ← L⁻¹·b for four vectors at once, element i of vector q at 4·i + q: the triangle, which does not fit the cache,
   * is read once for all of them.
   */
  solveLowerFour(b: Float64Array): void {
    const { lower, stride, size } = this;
    for (let i = 0; i < size; i++) {
      const at = i * stride;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let j = 0; j < i; j++) {
        const l = lower[at + j]!;
        s0 += l * b[4 * j]!;
        s1 += l * b[4 * j + 1]!;
        s2 += l * b[4 * j + 2]!;
        s3 += l * b[4 * j + 3]!;
      }
      const pivot = lower[at + i]!;
      b[4 * i] = (b[4 * i]! - s0) / pivot;
      b[4 * i + 1] = (b[4 * i + 1]! - s1) / pivot;
      b[4 * i + 2] = (b[4 * i + 2]! - s2) / pivot;
      b[4 * i + 3] = (b[4 * i + 3]! - s3) / pivot;
    }
  }

  /** b ← L⁻ᵀ·b */
  solveUpper(b: Float64Array): void {
    const { lower, stride, size } = this;
    for (let i = size - 1; i >= 0; i--) {
      const at = i * stride;
      const value = b[i]! / lower[at + i]!;
      b[i] = value;
      for (let j = 0; j < i; j++) b[j] = b[j]! - value * lower[at + j]!;
    }
  }

  /** Half of log |A|. */
  halfLogDeterminant(): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) sum += Math.log(this.lower[i * this.stride + i]!);
    return sum;
  }

  /** `out` ← L⁻ᵀ, upper triangle, row-major, `size` numbers a row; below the diagonal it is left as it was. */
  inverseTransposed(out: Float64Array): void {
    const { lower, stride, size } = this;
    for (let i = 0; i < size; i++) {
      const row = i * size;
      out[row + i] = 1 / lower[i * stride + i]!;
      for (let k = i + 1; k < size; k++) {
        const at = k * stride;
        out[row + k] = -dot(lower, at + i, out, row + i, k - i) / lower[at + k]!;
      }
    }
  }

  #grow(): void {
    const stride = 2 * this.stride;
    const lower = new Float64Array(stride * stride);
    for (let i = 0; i < this.size; i++)
      lower.set(this.lower.subarray(i * this.stride, i * this.stride + i + 1), i * stride);
    this.lower = lower;
    this.stride = stride;
  }
}

/** Four sums, because one would wait for each addition before the next. */
export function dot(a: Float64Array, atA: number, b: Float64Array, atB: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = length - (length & 3);
  let k = 0;
  for (; k < whole; k += 4) {
    s0 += a[atA + k]! * b[atB + k]!;
    s1 += a[atA + k + 1]! * b[atB + k + 1]!;
    s2 += a[atA + k + 2]! * b[atB + k + 2]!;
    s3 += a[atA + k + 3]! * b[atB + k + 3]!;
  }
  for (; k < length; k++) s0 += a[atA + k]! * b[atB + k]!;
  return s0 + s1 + (s2 + s3);
}
