/** Which points have been tried, as 53-bit fingerprints of their rows: 100,000 take some MB. */
export class KnownPoints {
  readonly #known = new Set<number>();

  /** Number of different points. */
  get size(): number {
    return this.#known.size;
  }

  add(rows: Float64Array, start: number, end: number): void {
    this.#known.add(fingerprint(rows, start, end));
  }

  has(row: Float64Array): boolean {
    return this.#known.has(fingerprint(row, 0, row.length));
  }
}

const bits = new DataView(new ArrayBuffer(8));

/** FNV-1a over the halves of the numbers, in two lanes. All NaN are alike, and so are 0 and -0. */
function fingerprint(rows: Float64Array, start: number, end: number): number {
  let a = 0x811c9dc5;
  let b = 0x1b873593;
  for (let i = start; i < end; i++) {
    const value = rows[i]!;
    bits.setFloat64(0, Number.isNaN(value) ? -1 : value + 0);
    for (const half of [bits.getUint32(0), bits.getUint32(4)]) {
      a = Math.imul(a ^ half, 0x01000193);
      a ^= a >>> 15;
      b = Math.imul(b ^ half, 0x85ebca6b);
      b ^= b >>> 13;
    }
  }
  return (a >>> 11) * 0x100000000 + (b >>> 0);
}
