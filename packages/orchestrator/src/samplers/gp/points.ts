/** Points of the model, column by column, so that the kernel runs along contiguous memory. */
export class PointColumns {
  readonly columns: Float64Array[];
  size = 0;

  constructor(width: number, capacity = 64) {
    this.columns = Array.from({ length: width }, () => new Float64Array(capacity));
  }

  push(point: Float64Array): void {
    for (const [c, column] of this.columns.entries()) {
      if (this.size === column.length) {
        const longer = new Float64Array(2 * column.length);
        longer.set(column);
        this.columns[c] = longer;
      }
      this.columns[c]![this.size] = point[c]!;
    }
    this.size++;
  }

  truncate(size: number): void {
    this.size = Math.min(this.size, size);
  }

  /** The same points, some columns in memory of their own, to be written to. */
  withOwn(columns: readonly number[]): PointColumns {
    const copy = new PointColumns(0);
    copy.columns.push(...this.columns);
    for (const c of columns) copy.columns[c] = this.columns[c]!.slice();
    copy.size = this.size;
    return copy;
  }

  get(index: number, out: Float64Array): Float64Array {
    for (let c = 0; c < this.columns.length; c++) out[c] = this.columns[c]![index]!;
    return out;
  }
}
